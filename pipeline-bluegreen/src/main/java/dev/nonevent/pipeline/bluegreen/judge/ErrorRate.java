package dev.nonevent.pipeline.bluegreen.judge;

/** A judge of the share of requests that failed; {@link #atMost} or {@link #notWorseThanStable} completes it. */
public final class ErrorRate {

    private static final Least A_HUNDRED = new Least(100);

    ErrorRate() {}

    /** @param allowed share of requests that may fail, from 0 to below 1: {@code 0.01} is one in a hundred */
    public ErrorRateJudge atMost(double allowed) {
        return new ErrorRateJudge(allowed, A_HUNDRED);
    }

    /** Compares with the release before; up to 1.25 times its rate or 0.1 points more is not worse, unless said otherwise. */
    public ErrorRateAgainstStable notWorseThanStable() {
        return new ErrorRateAgainstStable(new Margin(1.25, 0.001), A_HUNDRED);
    }
}
