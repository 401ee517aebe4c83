package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Release;
import java.util.Optional;

/**
 * Has a say before anything of a deployment is begun: a change board, a budget, another system that must be there first. Not
 * asked about a rollback, and not about a release that is live already.
 */
@FunctionalInterface
public interface Guard {

    /**
     * @return why this release is not to be deployed now, as the end of a sentence; empty if it may
     * @throws Exception if nobody can say; then nothing is begun either
     */
    Optional<String> objection(Release release) throws Exception;
}
