package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a run so far, from its events; memory is bounded whatever the stages print. */
final class RunFacts {

    static final int LAST_LINES = 20;

    private final Map<String, StageFacts> stages = new LinkedHashMap<>();

    RunEvent.@Nullable RunStarted started;

    /** One stage or gate. */
    static final class StageFacts {

        final String name;
        final List<String> waitsFor;
        final Deque<String> lastLines = new ArrayDeque<>();
        final List<RunEvent.ServiceSaid> services = new ArrayList<>();
        long lines;

        RunEvent.@Nullable StageStarted started;

        RunEvent.@Nullable StageEnded ended;

        @Nullable
        Instant lastOutputAt;

        @Nullable
        String progress;

        private StageFacts(String name, List<String> waitsFor) {
            this.name = name;
            this.waitsFor = waitsFor;
        }

        boolean isRunning() {
            return started != null && ended == null;
        }

        Duration runsFor(Instant now) {
            return started == null ? Duration.ZERO : Duration.between(started.at(), now);
        }

        Optional<Outcome> outcome() {
            return Optional.ofNullable(ended).map(RunEvent.StageEnded::outcome);
        }

        /** Why it ended so; for a deployment with where traffic is. */
        String sentence() {
            String sentence = outcome().map(Outcome::sentence).orElse("");
            if (progress == null || sentence.contains("traffic") || sentence.contains(progress)) {
                return sentence;
            }
            return sentence.isEmpty() ? progress : sentence + "; " + progress;
        }
    }

    Collection<StageFacts> stages() {
        return stages.values();
    }

    StageFacts stage(String name) {
        return stages.computeIfAbsent(name, unknown -> new StageFacts(unknown, List.of()));
    }

    String pipeline() {
        return started == null ? "" : started.pipeline();
    }

    /** The stages that were not just skipped but ended badly, in plan order. */
    List<StageFacts> bad() {
        return stages.values().stream()
                .filter(stage -> stage.outcome().flatMap(Outcome::failed).isPresent())
                .toList();
    }

    /** All the work there was, as if nothing had been side by side. */
    Duration work() {
        return stages.values().stream()
                .map(stage -> stage.ended)
                .filter(ended -> ended != null)
                .map(RunEvent.StageEnded::took)
                .reduce(Duration.ZERO, Duration::plus);
    }

    void take(RunEvent event) {
        event.match(
                this::begin,
                stageStarted -> stage(stageStarted.stage()).started = stageStarted,
                output -> output(stage(output.stage()), output),
                progress -> stage(progress.stage()).progress = progress.line(),
                stageEnded -> stage(stageEnded.stage()).ended = stageEnded,
                aside -> {
                    if (aside instanceof RunEvent.ServiceSaid said) {
                        stage(said.stage()).services.add(said);
                    } else if (aside instanceof RunEvent.StageRetried retried) {
                        StageFacts stage = stage(retried.stage());
                        stage.lastLines.clear();
                        stage.services.clear();
                    }
                },
                runEnded -> {});
    }

    private void begin(RunEvent.RunStarted event) {
        started = event;
        event.stages().forEach((name, waitsFor) -> stages.put(name, new StageFacts(name, waitsFor)));
    }

    private static void output(StageFacts stage, RunEvent.StageOutput output) {
        stage.lines++;
        stage.lastOutputAt = output.at();
        stage.lastLines.addLast(output.line());
        if (stage.lastLines.size() > LAST_LINES) {
            stage.lastLines.removeFirst();
        }
    }
}
