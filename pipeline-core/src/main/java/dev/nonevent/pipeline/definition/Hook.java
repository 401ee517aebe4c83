package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.secret.Secret;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Something to do when a run is over. An exception in it is reported and changes nothing about the run.
 *
 * @param when the name of the method that declared it, for reports
 * @param applies given how this run ended and, if there was one, the run before
 */
public record Hook(String when, Place place, Predicate<Ends> applies, Action action) {

    /**
     * How this run ended.
     *
     * @param wasGood whether the one before it ended well; the first run follows a good one
     * @param rolledBack whether a deployment of it had given its release to users and brought them back
     */
    public record Ends(Outcome now, boolean wasGood, boolean rolledBack) {}

    /** What is done. */
    @FunctionalInterface
    public interface Action {

        void after(HookContext run) throws Exception;

        /** The secrets it reveals; looked up when the run starts, and a missing one stops it before anything runs. */
        default Set<Secret> secrets() {
            return Set.of();
        }
    }
}
