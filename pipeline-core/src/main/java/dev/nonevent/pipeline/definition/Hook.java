package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.outcome.Outcome;
import java.util.function.Predicate;

/**
 * Something to do when a run is over. An exception in it is reported and changes nothing about the run.
 *
 * @param when the name of the method that declared it, for reports
 * @param applies given how this run ended and, if there was one, the run before
 */
public record Hook(String when, Place place, Predicate<Ends> applies, Action action) {

    /** How this run ended, and whether the one before it ended well; the first run follows a good one. */
    public record Ends(Outcome now, boolean wasGood) {}

    /** What is done. */
    @FunctionalInterface
    public interface Action {

        void after(FinishedRun run) throws Exception;
    }
}
