package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.outcome.Outcome;
import java.net.URI;
import java.util.Optional;

/**
 * What one commit is said to be.
 *
 * @param commit 40 hexadecimal digits
 * @param context tells this status from those of others
 * @param target where a person reads more
 */
record Status(String commit, String context, State state, String description, Optional<URI> target) {

    static Status ended(String commit, String context, Outcome outcome, Optional<URI> target) {
        String sentence = outcome.sentence();
        String description = sentence.isEmpty() ? outcome.word() : outcome.word() + ": " + sentence;
        return new Status(commit, context, State.of(outcome), description, target);
    }

    /** The same once nobody is left who could say how it ended. */
    Status killed() {
        return new Status(
                commit, context, State.UNKNOWN, "the run was killed before it could say how it ended", target);
    }

    boolean isAbout(String otherCommit, String otherContext) {
        return commit.equals(otherCommit) && context.equals(otherContext);
    }
}
