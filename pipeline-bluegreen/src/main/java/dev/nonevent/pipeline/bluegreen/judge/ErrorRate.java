package dev.nonevent.pipeline.bluegreen.judge;

/** A judge of the share of requests that failed; {@link #atMost} completes it. */
public final class ErrorRate {

    ErrorRate() {}

    /** @param allowed share of requests that may fail, from 0 to below 1: {@code 0.01} is one in a hundred */
    public ErrorRateJudge atMost(double allowed) {
        return new ErrorRateJudge(allowed, 100);
    }
}
