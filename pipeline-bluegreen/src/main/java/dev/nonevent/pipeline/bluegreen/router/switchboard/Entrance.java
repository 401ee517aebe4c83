package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.Optional;

/** Where requests come in: what becomes of them depends on it. Safe for use by several threads. */
public interface Entrance {

    /** What becomes of a request; one that goes to a side is counted in there. */
    Choice claim(Guest guest);

    /**
     * The standby, in place of a side that failed a request: counted in there. Empty if there is none, if it is the failed
     * one itself, if it is doubted, or if previews come in here. The claim on the failed side stays the caller's to leave.
     */
    Optional<Side> claimStandby(Side failed, Gate.Claim claim);

    TimeSource time();

    /** The same for every entrance of a router. */
    Desk desk();
}
