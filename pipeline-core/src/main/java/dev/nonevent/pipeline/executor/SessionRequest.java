package dev.nonevent.pipeline.executor;

import java.nio.file.Path;

/**
 * What a stage wants of the session its commands run in.
 *
 * @param workspace the directory in which, or below which, every command of the session runs; it exists
 * @param pins what names meant before in the same run
 */
public record SessionRequest(Path workspace, Pins pins) {

    /** A session that is a run of its own. */
    public static SessionRequest in(Path workspace) {
        return new SessionRequest(workspace, new Pins());
    }
}
