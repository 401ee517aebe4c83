package dev.nonevent.pipeline.forge;

import dev.nonevent.pipeline.event.RunId;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/**
 * What statuses are called and lead to.
 *
 * @param name empty: after the pipeline
 * @param gates whether each gate has one, too
 */
record Wording(Optional<String> name, boolean gates, Function<? super RunId, Optional<URI>> targets) {

    String context(String pipeline) {
        return name.orElse("nonevent/" + pipeline);
    }

    Optional<URI> target(RunId run) {
        return targets.apply(run);
    }
}
