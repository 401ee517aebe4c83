package dev.nonevent.pipeline.docker;

/** The image has no {@code /bin/sh}, so nothing of the command has run. */
final class ShellMissingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ShellMissingException(String image) {
        super("image " + image + " has no /bin/sh");
    }
}
