package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.outcome.Outcome;

/** What a status can say; each forge has its own word for it. */
enum State {
    PENDING,
    PASSED,
    /** A gate said no, or the work failed. */
    FAILED,
    /** The world is broken, or the run was killed: nobody knows. */
    UNKNOWN,
    STOPPED;

    static State of(Outcome outcome) {
        return outcome.fold(
                passed -> PASSED,
                blocked -> FAILED,
                failed -> FAILED,
                errored -> UNKNOWN,
                aborted -> STOPPED,
                skipped -> UNKNOWN);
    }
}
