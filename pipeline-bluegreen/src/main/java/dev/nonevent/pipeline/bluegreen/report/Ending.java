package dev.nonevent.pipeline.bluegreen.report;

import java.util.List;
import java.util.Optional;

/**
 * How a deployment ended, and where that left its users.
 *
 * @param why in the words that were written down then; empty if it has not ended
 * @param recovered whether another process has finished or undone what the first one left
 * @param traffic who had users at the end; nobody if there is none in it, empty if it is not known
 */
public record Ending(Way way, Optional<String> why, boolean recovered, Optional<List<Share>> traffic) {

    /** What became of it. */
    public enum Way {
        /** It has all users and is proven; what it replaced may still be on its way out. */
        STABLE,
        /** It did not pass its checks, and no user got it. */
        REFUSED,
        /** It was given up before any user got it: cancelled, failed, or left by a process that died. */
        UNDONE,
        /** Users had it, and are where they were before. */
        ROLLED_BACK,
        /** A newer release took its place, or was there already. */
        SUPERSEDED,
        /** No release was fit for the traffic: nothing was removed. */
        NEEDS_HUMAN,
        /** Nobody could say where users are: nothing was touched, and whoever recovers it goes on. */
        HELD,
        /** The whole application was taken down while it was under way. */
        TAKEN_DOWN,
        /** None yet: somebody is at it, or a process that died has left it. */
        OPEN
    }

    /**
     * A part of the users.
     *
     * @param percent of them; 100 if they are not split
     */
    public record Share(Side side, int percent) {}

    public Ending {
        traffic = traffic.map(List::copyOf);
    }
}
