package dev.nonevent.pipeline.bluegreen.traffic;

/** Somebody newer has taken over: this holder may change nothing any more. */
public final class StaleFenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StaleFenceException(long fence, long seen) {
        super("fence " + fence + " is stale: fence " + seen + " was seen; a newer deployer has taken over");
    }
}
