package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import java.time.Duration;
import java.util.Optional;

/**
 * How long the parts of a deployment took, by the clock that no change of the wall clock moves.
 *
 * @param untilHealthy from the start of the instance to its last check before the switch
 * @param switching from the order to switch to its confirmation
 * @param baked how long it served users before it counted as stable
 * @param finished requests that the predecessor was still answering when it lost the traffic, and answered
 * @param cut those of them it did not answer in time
 */
public record Measured(Duration untilHealthy, Duration switching, Duration baked, long finished, long cut) {

    static final Measured NOTHING = new Measured(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);

    /** How fast a bad release was found and taken back. */
    record Failure(Optional<Duration> detectedIn, Optional<Duration> restoredIn) {

        static final Failure NOT_MEASURED = new Failure(Optional.empty(), Optional.empty());

        Failure and(LedgerEntry.OfDeployment entry) {
            if (entry instanceof LedgerEntry.SwitchingBack back) {
                return new Failure(back.detectedIn(), restoredIn);
            } else if (entry instanceof LedgerEntry.SwitchedBack back) {
                return new Failure(detectedIn, back.restoredIn());
            }
            return this;
        }
    }
}
