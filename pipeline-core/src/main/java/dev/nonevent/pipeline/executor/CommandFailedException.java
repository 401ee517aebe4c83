package dev.nonevent.pipeline.executor;

/** A command ended with a non-zero exit code where zero was asked for. */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CommandResult result;

    public CommandFailedException(CommandResult result) {
        super(result.line() + " exited " + result.exitCode());
        this.result = result;
    }

    public CommandResult result() {
        return result;
    }
}
