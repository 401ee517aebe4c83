package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.post.JumpingClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The events of one run of the shop, as its listener hears them. */
record Told(RunListener listener, String run) {

    static final String COMMIT = "18f3e63d05582537db6d183d9d557be09e1f90c8";

    Told started(Optional<String> commit) {
        return tell(
                new RunEvent.RunStarted(id(), JumpingClock.NOON, "shop", "push", commit, Map.of(), Path.of("home")));
    }

    Told started() {
        return started(Optional.of(COMMIT));
    }

    Told checkedOut(String repository, String commit) {
        return tell(new RunEvent.CommitCheckedOut(id(), JumpingClock.NOON, "checkout", repository, commit));
    }

    Told gateStarted(String gate) {
        return tell(new RunEvent.StageStarted(id(), JumpingClock.NOON, gate, true, "Shop.java:7", "this machine"));
    }

    Told gateEnded(String gate, Outcome outcome) {
        return tell(new RunEvent.StageEnded(
                id(), JumpingClock.NOON, gate, true, "Shop.java:7", outcome, Duration.ofSeconds(1), Optional.empty()));
    }

    Told ended(Outcome outcome) {
        return tell(new RunEvent.RunEnded(id(), JumpingClock.NOON, outcome, Duration.ofSeconds(3)));
    }

    private RunId id() {
        return new RunId(run);
    }

    private Told tell(RunEvent event) {
        listener.on(event);
        return this;
    }
}
