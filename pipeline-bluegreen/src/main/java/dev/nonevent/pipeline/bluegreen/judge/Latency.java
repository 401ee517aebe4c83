package dev.nonevent.pipeline.bluegreen.judge;

import java.time.Duration;

/** A judge of how long answers take; {@link #atMost} or {@link #notWorseThanStable} completes it. */
public final class Latency {

    private final Quantile quantile;

    Latency(Quantile quantile) {
        this.quantile = quantile;
    }

    /** @param allowed above zero */
    public LatencyJudge atMost(Duration allowed) {
        return new LatencyJudge(quantile, allowed, quantile.enough());
    }

    /** @param times 1 or more: {@code 1.5} lets an answer take half as long again as of the release before */
    public LatencyAgainstStable notWorseThanStable(double times) {
        return new LatencyAgainstStable(quantile, times, quantile.enough());
    }
}
