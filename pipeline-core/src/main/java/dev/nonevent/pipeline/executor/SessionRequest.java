package dev.nonevent.pipeline.executor;

import java.nio.file.Path;
import java.util.List;

/**
 * What a stage wants of the session its commands run in.
 *
 * @param workspace the directory in which, or below which, every command of the session runs; it exists
 * @param pins what names meant before in the same run
 * @param services what its commands want to reach, by the addresses that {@link CommandExecutor#addressOf} says
 */
public record SessionRequest(Path workspace, Pins pins, List<RunningService> services) {

    public SessionRequest {
        services = List.copyOf(services);
    }

    /** A session that is a run of its own. */
    public static SessionRequest in(Path workspace) {
        return new SessionRequest(workspace, new Pins(), List.of());
    }
}
