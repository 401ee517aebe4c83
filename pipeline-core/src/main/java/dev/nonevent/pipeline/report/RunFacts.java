package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
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

    /** So much of one line is remembered; the rest is in the log. */
    static final int LONGEST_LINE = 4_000;

    static final int MOST_SAYINGS = 200;

    private final Map<String, StageFacts> stages = new LinkedHashMap<>();
    private final List<Saying> asides = new ArrayList<>();

    RunEvent.@Nullable RunStarted started;

    RunEvent.@Nullable RunEnded ended;

    private @Nullable String commit;

    /** What was said at a moment. */
    record Saying(Instant at, String line) {}

    /** One stage or gate. */
    static final class StageFacts {

        final String name;
        final List<String> waitsFor;
        final Deque<String> lastLines = new ArrayDeque<>();
        final List<RunEvent.ServiceSaid> services = new ArrayList<>();

        /** What was said about the stage, first of all by a deployment; the first {@link #MOST_SAYINGS}. */
        final List<Saying> sayings = new ArrayList<>();

        /** Those that went wrong and were tried again. */
        final List<RunEvent.StageRetried> attempts = new ArrayList<>();

        long lines;

        RunEvent.@Nullable StageStarted started;

        RunEvent.@Nullable StageEnded ended;

        /** Why it ran again in a run that was resumed; empty if it did not. */
        String again = "";

        /** The person or the lock it waits for, in words; empty if it waits for neither. */
        String waits = "";

        @Nullable
        Instant lastOutputAt;

        @Nullable
        String progress;

        private StageFacts(String name, List<String> waitsFor) {
            this.name = name;
            this.waitsFor = waitsFor;
        }

        boolean isGate() {
            return (started != null && started.gate()) || (ended != null && ended.gate());
        }

        /** It passed, and had not before: what it says is worth less. */
        boolean isFlaky() {
            return outcome().filter(Outcome::hasPassed).isPresent()
                    && attempts.stream().anyMatch(RunEvent.StageRetried::countsAsFlaky);
        }

        /** What an attempt has printed last does not explain how the next one ends. */
        private void retried(RunEvent.StageRetried event) {
            attempts.add(event);
            lastLines.clear();
            services.clear();
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

        /** Why it ended so, and why it ran again; for a deployment with where traffic is. */
        String sentence() {
            String sentence = end();
            boolean passed = outcome().filter(Outcome::hasPassed).isPresent();
            return passed && !again.isEmpty() ? (sentence.isEmpty() ? "" : sentence + "; ") + again : sentence;
        }

        private String end() {
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

    /** What belongs to no stage, in order; the first {@link #MOST_SAYINGS}. */
    List<Saying> asides() {
        return asides;
    }

    /** How the run ended; as long as it goes on, nothing. */
    Optional<Outcome> outcome() {
        return Optional.ofNullable(ended).map(RunEvent.RunEnded::outcome);
    }

    /** Which commit the run is about, as soon as it is known. */
    Optional<String> commit() {
        return Optional.ofNullable(commit);
    }

    /** Empty before the first event. */
    RunId run() {
        return started == null ? new RunId("") : started.run();
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
                this::progress,
                stageEnded -> stage(stageEnded.stage()).ended = stageEnded,
                this::aside,
                runEnded -> ended = runEnded);
    }

    private void progress(RunEvent.DeploymentProgress event) {
        StageFacts stage = stage(event.stage());
        stage.progress = event.line();
        add(stage.sayings, new Saying(event.at(), event.line()));
    }

    private void aside(RunEvent.Aside event) {
        Saying saying = new Saying(event.at(), Asides.sentence(event));
        if (event instanceof RunEvent.ServiceSaid said) {
            stage(said.stage()).services.add(said);
        } else if (event instanceof RunEvent.StageRetried retried) {
            stage(retried.stage()).retried(retried);
            add(stage(retried.stage()).sayings, saying);
        } else {
            if (event instanceof RunEvent.StageDecided decided) {
                stage(decided.stage()).again = decided.again() ? decided.why() : "";
            }
            waiting(event);
            if (event instanceof RunEvent.CommitCheckedOut checkedOut) {
                commit = checkedOut.commit();
            }
            add(Asides.stage(event).map(name -> stage(name).sayings).orElse(asides), saying);
        }
    }

    private void waiting(RunEvent.Aside event) {
        if (event instanceof RunEvent.ApprovalAwaited awaited) {
            stage(awaited.stage()).waits = "approval by " + awaited.by();
        } else if (event instanceof RunEvent.ApprovalGiven given) {
            stage(given.stage()).waits = "";
        } else if (event instanceof RunEvent.LockAwaited awaited) {
            awaited.stage().ifPresent(name -> stage(name).waits = "the lock " + awaited.lock());
        }
    }

    private static void add(List<Saying> sayings, Saying one) {
        if (sayings.size() < MOST_SAYINGS) {
            sayings.add(one);
        }
    }

    private void begin(RunEvent.RunStarted event) {
        started = event;
        commit = event.commit().orElse(null);
        event.stages().forEach((name, waitsFor) -> stages.put(name, new StageFacts(name, waitsFor)));
    }

    private static void output(StageFacts stage, RunEvent.StageOutput output) {
        stage.lines++;
        stage.lastOutputAt = output.at();
        stage.lastLines.addLast(LogTail.start(output.line(), LONGEST_LINE));
        if (stage.lastLines.size() > LAST_LINES) {
            stage.lastLines.removeFirst();
        }
    }
}
