package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import java.util.Optional;

/** What keeps a stage from going on, or lets it run once more, in one line for people. */
final class WaitingLine {

    private WaitingLine() {}

    /** Empty if the event is about something else. */
    static Optional<String> of(RunEvent.Aside event) {
        boolean waits = event instanceof RunEvent.StageRetried
                || (event instanceof RunEvent.StageDecided decided && decided.again())
                || event instanceof RunEvent.ApprovalAwaited
                || event instanceof RunEvent.ApprovalGiven
                || event instanceof RunEvent.LockAwaited;
        return waits
                ? Optional.of(Asides.stage(event).orElse("the run") + ": " + Asides.sentence(event))
                : Optional.empty();
    }
}
