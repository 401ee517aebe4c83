package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node's way from its turn to its end: its conditions, what is remembered of it, a person's yes, its locks, then as many
 * attempts as it takes. Belongs to whoever has taken the node; while it waits it is nobody's, and holds no thread.
 */
final class Course {

    private final Node node;
    private final Shared shared;
    private final List<SharedService> services;
    private final Supplier<List<Object>> inputs;
    private final Retries retries;
    private final Claim claim;
    private boolean wanted;
    private @Nullable Permission permission;
    private @Nullable Attempt attempt;
    private boolean flaky;

    /** @param superseded takes the reason why the run should be stopped, whenever a newer one asks for it */
    Course(
            Node node,
            Shared shared,
            List<SharedService> services,
            Supplier<List<Object>> inputs,
            Consumer<String> superseded) {
        this.node = node;
        this.shared = shared;
        this.services = services;
        this.inputs = inputs;
        this.claim = new Claim(node, shared, superseded);
        this.permission = node.declaration
                .options()
                .scheduling()
                .approval()
                .map(approval -> new Permission(node, approval, shared))
                .orElse(null);
        this.retries = Retries.of(node.declaration, shared.retriesAfterErrors());
    }

    /** Carries it on, on the calling thread, until it is over or has to wait. Never throws what the stage's code throws. */
    Turn goOn() {
        boolean waits = false;
        try {
            Turn turn = carryOn();
            waits = turn instanceof Turn.Waits;
            return turn;
        } catch (InfrastructureException broken) {
            return new Turn.Ended(Ending.errored(String.valueOf(broken.getMessage()), broken));
        } finally {
            if (!waits) {
                letGo();
            }
        }
    }

    private Turn carryOn() {
        if (!wanted) {
            Optional<Ending> over = unwanted().or(() -> shared.recall().of(node, shared));
            if (over.isPresent()) {
                return new Turn.Ended(over.get());
            }
            wanted = true;
        }
        Permission needed = permission;
        if (needed != null) {
            Optional<Turn> missing = needed.missing(inputs.get());
            if (missing.isPresent()) {
                return missing.get();
            }
            permission = null;
        }
        // Last: nobody else waits while a person is asked.
        return claim.missing().orElseGet(this::tryOnce);
    }

    /** What it has is for others, whoever ends it. */
    void letGo() {
        claim.release();
        if (permission != null) {
            permission.giveUp();
        }
    }

    /** How it ends if the run is stopped while it waits, or before it has begun. */
    Ending stopped(String why) {
        Attempt last = attempt;
        letGo();
        return last == null
                ? Ending.prevented(shared.redaction().text("the run was stopped: " + why))
                : new Ending(
                        new Outcome.Aborted(shared.redaction().text(why)),
                        Optional.empty(),
                        false,
                        Duration.ofNanos(shared.time().nanos() - last.begun()),
                        Optional.of(shared.folder().log(node.slug)));
    }

    private Optional<Ending> unwanted() {
        try {
            return new Knowledge(node, shared.inputs())
                    .whyNot()
                    .map(why -> Ending.unwanted(shared.redaction().text(why)));
        } catch (RuntimeException | Error broken) {
            return Optional.of(Ending.errored("its condition failed: " + broken, broken));
        }
    }

    private Turn tryOnce() {
        Attempt now = attempt == null ? new Attempt(1, shared.time().nanos(), Optional.empty()) : attempt;
        StageRun run = new StageRun(node, shared, services, inputs.get(), now);
        Ending ending = run.run();
        Optional<Duration> pause = retries.pause(now, run.outcome()).filter(wait -> isTimeFor(wait, now));
        if (pause.isEmpty()) {
            return new Turn.Ended(now.isFirst() ? ending : withItsPast(ending, now));
        }
        RunEvent.StageRetried retried = new RunEvent.StageRetried(
                shared.folder().id(), shared.time().now(), node.name(), now.number(), ending.outcome(), pause.get());
        flaky |= retried.countsAsFlaky();
        attempt = new Attempt(
                now.number() + 1,
                now.begun(),
                Optional.of(ending.outcome().word() + ": " + ending.outcome().sentence()));
        Aftermath.remove(shared.folder().work().resolve(now.directory(node)), shared);
        shared.bus().publish(retried);
        return Turn.Waits.forTime(pause.get());
    }

    private boolean isTimeFor(Duration pause, Attempt now) {
        return node.declaration
                .options()
                .timeout()
                .map(limit -> now.left(limit, shared.time().nanos()).compareTo(pause) > 0)
                .orElse(true);
    }

    /** A pass that came late says so, in its note and with it in every report. */
    private Ending withItsPast(Ending ending, Attempt last) {
        if (!(ending.outcome() instanceof Outcome.Passed passed)) {
            return ending;
        }
        String past = (flaky ? "flaky: " : "") + "passed in attempt " + last.number() + ", after "
                + last.before().orElse("");
        String note = passed.note().isEmpty() ? past : passed.note() + "; " + past;
        return new Ending(new Outcome.Passed(note), ending.value(), ending.byChoice(), ending.took(), ending.log());
    }
}
