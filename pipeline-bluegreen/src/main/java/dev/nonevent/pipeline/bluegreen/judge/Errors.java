package dev.nonevent.pipeline.bluegreen.judge;

/**
 * How often a good release may be failed by chance, and how that is shared out: 2 in 1,000 bakes while the bake goes on,
 * over all looks together, 4 in 1,000 at its end. Six in all for each test of a judge.
 */
final class Errors {

    /** That the stable release is taken for better than it is, at any look. */
    static final double STABLE_BOUND = 0.001;

    /** That the new release is taken for worse than it is, at any look. */
    static final double DURING = 0.001;

    /** For the one look at the end. */
    static final double AT_THE_END = 0.004;

    /** Failures come in bursts in a way no model of independent requests knows: a stumble of a few ends nothing early. */
    static final long A_STUMBLE = 4;

    /** One or two failures of a few requests are no rate, not even against a release that never failed. */
    static final long A_FEW = 3;

    private Errors() {}

    /** Whether this is seen to be above the rate while it still grows. */
    static boolean isAboveSoFar(double allowed, Share seen) {
        return allowed <= 0 ? seen.count() > 0 : seen.count() > A_STUMBLE && Confidence.isAbove(allowed, seen, DURING);
    }

    /** The same, when nothing is added any more. */
    static boolean isAboveAtTheEnd(double allowed, Share seen) {
        return isAboveSoFar(allowed, seen) || (seen.rate() > allowed && Exact.atLeast(seen, allowed) < AT_THE_END);
    }

    /** Whether chance does not explain that this one is higher than the other. */
    static boolean isHigherAtTheEnd(Share ours, Share theirs, Least least) {
        boolean enough = ours.count() >= A_FEW || ours.of() >= least.requests();
        return enough && ours.rate() > theirs.rate() && Exact.fisher(ours, theirs) < AT_THE_END;
    }
}
