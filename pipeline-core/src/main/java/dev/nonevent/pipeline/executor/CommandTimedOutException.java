package dev.nonevent.pipeline.executor;

/** A command took longer than it was given, and was stopped. */
public final class CommandTimedOutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandTimedOutException(String sentence) {
        super(sentence);
    }
}
