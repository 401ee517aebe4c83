package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells a listener a run, at times of its own. */
final class Story {

    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final RunId RUN = new RunId("7f3c");
    private final RunListener listener;
    private final Path folder;
    private final Set<String> gates = new HashSet<>();
    private Instant now = START;

    Story(RunListener listener) {
        this(listener, Path.of("home"));
    }

    /** @param folder of the run */
    Story(RunListener listener, Path folder) {
        this.listener = listener;
        this.folder = folder;
    }

    /** These are gates. */
    Story gates(String... names) {
        gates.addAll(List.of(names));
        return this;
    }

    Instant now() {
        return now;
    }

    Story after(String time) {
        now = now.plus(Duration.parse("PT" + time));
        return this;
    }

    Story begins(String... stages) {
        Map<String, List<String>> waits = new LinkedHashMap<>();
        for (String stage : stages) {
            String[] parts = stage.split("<", -1);
            waits.put(parts[0], parts.length == 1 ? List.of() : List.of(parts[1].split(",", -1)));
        }
        return begins(waits);
    }

    Story begins(Map<String, List<String>> waits) {
        listener.on(new RunEvent.RunStarted(RUN, now, "shop", "push main@abc1234", Optional.empty(), waits, folder));
        return this;
    }

    Story starts(String stage) {
        listener.on(new RunEvent.StageStarted(RUN, now, stage, gates.contains(stage), "Shop.java:7", "this machine"));
        return this;
    }

    Story prints(String stage, String... lines) {
        for (String line : lines) {
            listener.on(new RunEvent.StageOutput(RUN, now, stage, line));
        }
        return this;
    }

    Story deploys(String stage, String line) {
        listener.on(new RunEvent.DeploymentProgress(RUN, now, stage, line));
        return this;
    }

    Story ends(String stage, Outcome outcome, String took) {
        return ends(stage, outcome, took, null);
    }

    Story ends(String stage, Outcome outcome, String took, Path log) {
        listener.on(new RunEvent.StageEnded(
                RUN,
                now,
                stage,
                gates.contains(stage),
                "Shop.java:7",
                outcome,
                Duration.parse("PT" + took),
                Optional.ofNullable(log)));
        return this;
    }

    Story says(String service, String stage, String how, String... lines) {
        listener.on(new RunEvent.ServiceStarting(RUN, now, service, "postgres:16", stage));
        listener.on(new RunEvent.ServiceReady(RUN, now, service, "postgres:16", Duration.ofMillis(2100)));
        listener.on(new RunEvent.ServiceSaid(
                RUN, now, service, stage, Optional.of(how), List.of(lines), Path.of("db.log")));
        return this;
    }

    Story triesAgain(String stage, int attempt, Outcome outcome, String wait) {
        listener.on(new RunEvent.StageRetried(RUN, now, stage, attempt, outcome, Duration.parse("PT" + wait)));
        return this;
    }

    Story waitsForLock(String stage, String lock, String holder) {
        listener.on(new RunEvent.LockAwaited(RUN, now, Optional.of(stage), lock, holder));
        return this;
    }

    Story waitsForApproval(String stage, String by) {
        listener.on(new RunEvent.ApprovalAwaited(RUN, now, stage, by, "sha256:0a1b", "approve " + RUN + " " + stage));
        return this;
    }

    Story isAnswered(String stage, String who, String comment, boolean approved) {
        listener.on(new RunEvent.ApprovalGiven(RUN, now, stage, who, comment, "sha256:0a1b", approved));
        return this;
    }

    Story notes(String line) {
        listener.on(new RunEvent.RunNote(RUN, now, line));
        return this;
    }

    Story skips(String stage, String why) {
        return ends(stage, new Outcome.Skipped(why), "0S");
    }

    Story isOver(Outcome outcome) {
        listener.on(new RunEvent.RunEnded(RUN, now, outcome, Duration.between(START, now)));
        return this;
    }

    static Outcome blocked(String sentence, String... details) {
        return new Outcome.Blocked(new Failure(sentence, List.of(details), null));
    }
}
