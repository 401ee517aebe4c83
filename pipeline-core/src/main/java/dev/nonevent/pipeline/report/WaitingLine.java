package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import java.util.Optional;

/** What keeps a stage from going on, in one line for people. */
final class WaitingLine {

    private WaitingLine() {}

    /** Empty if the event is about something else. */
    static Optional<String> of(RunEvent.Aside event) {
        if (event instanceof RunEvent.StageRetried retried) {
            return Optional.of(retried.stage() + ": attempt " + retried.attempt() + " "
                    + retried.outcome().word() + ", " + retried.outcome().sentence() + "; the next one in "
                    + Durations.text(retried.pause()));
        } else if (event instanceof RunEvent.ApprovalAwaited awaited) {
            return Optional.of(awaited.stage() + ": waits for approval by " + awaited.by() + " of " + awaited.digest()
                    + ": " + awaited.how());
        } else if (event instanceof RunEvent.ApprovalGiven given) {
            return Optional.of(given.stage() + ": " + (given.approved() ? "approved" : "rejected") + " by "
                    + given.who() + (given.comment().isEmpty() ? "" : ", \"" + given.comment() + "\""));
        } else if (event instanceof RunEvent.LockAwaited awaited) {
            return Optional.of(awaited.stage().orElse("the run") + ": waits for the lock " + awaited.lock()
                    + ", held by " + awaited.holder());
        }
        return Optional.empty();
    }
}
