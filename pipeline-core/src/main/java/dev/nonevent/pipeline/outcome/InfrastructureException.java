package dev.nonevent.pipeline.outcome;

/** The world around the work is broken (no disk, no network, no such program): the stage ends ERRORED, not FAILED. */
public class InfrastructureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InfrastructureException(String sentence) {
        super(sentence);
    }

    public InfrastructureException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** Whether it may be over the next time though nobody has done anything; a subclass may know that it cannot. */
    public boolean mayPass() {
        return true;
    }
}
