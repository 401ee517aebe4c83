package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;

/** Another router holds the lock of this home. */
final class HomeTakenException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    HomeTakenException(Path home) {
        super("another router works in " + home + ": use that one, or end it first");
    }
}
