package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * A run that is over, asked by handle. There is no {@code ok()}: a run whose deploy was skipped is green and shipped
 * nothing.
 */
public interface FinishedRun {

    String pipeline();

    /** The run's id. */
    String id();

    Outcome outcome();

    /** How this stage or gate ended. */
    Outcome outcome(Handle handle);

    /** What the stage made, if it passed. */
    <T> Optional<T> value(Stage<T> stage);

    /** The first thing that went wrong, as {@code name: sentence}; "nothing" if nothing did. */
    String firstProblem();

    Duration took();
}
