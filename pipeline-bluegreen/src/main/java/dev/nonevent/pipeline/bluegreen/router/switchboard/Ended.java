package dev.nonevent.pipeline.bluegreen.router.switchboard;

/**
 * What became of a request that a side had taken: said once, when it leaves.
 *
 * @param how in one word
 * @param status the side's own answer, or what was said instead of it; 0 if nothing was said to anybody
 * @param nanos from the request's head to the end of it all
 */
public record Ended(How how, int status, long nanos) {

    private static final int SERVER_ERROR = 500;

    /** In one word. */
    public enum How {
        /** To its end, by the instance. */
        ANSWERED,
        /** The instance gave no answer, or half of one. */
        UNANSWERED,
        /** Not in the time that draining left. */
        CUT,
        /** The client went away first. */
        ABANDONED,
        /** The instance failed it, and the standby answers it now. */
        REPLAYED
    }

    /** Whether the instance is to blame. */
    boolean failed() {
        return switch (how) {
            case ANSWERED -> status >= SERVER_ERROR;
            case UNANSWERED, CUT, REPLAYED -> true;
            case ABANDONED -> false;
        };
    }
}
