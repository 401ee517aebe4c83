package dev.nonevent.pipeline.docker;

import java.util.OptionalInt;

/** A build came to a line it could not carry out: the work failed, not the engine. */
public final class ImageBuildFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ImageBuildFailedException(String sentence, OptionalInt exitCode) {
        super(sentence);
        this.exitCode = exitCode.orElse(-1);
    }

    /** With what the command of the failed line exited, if a command failed. */
    public OptionalInt exitCode() {
        return exitCode < 0 ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }
}
