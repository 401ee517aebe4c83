package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Optional;

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

    /** More failures than any judge waits for at a rate that is worth a plan. */
    private static final long MANY = 1_000;

    private static final Served STABLE = new Served(100_000, 0, Latencies.none());

    /** See {@link Judge#noticedAfter}. */
    static Optional<Long> noticedAfter(double errorRate, Judge judge) {
        for (long failed = 1; failed <= MANY; failed++) {
            long requests = (long) Math.ceil(failed / errorRate);
            Served release = new Served(requests, failed, Latencies.none());
            if (judge.soFar(Sample.of(release, STABLE)) instanceof Judgement.Fail) {
                return Optional.of(requests);
            }
        }
        return Optional.empty();
    }

    /** Whether chance does not explain that this one is higher than the other. */
    static boolean isHigherAtTheEnd(Share ours, Share theirs, Least least) {
        boolean enough = ours.count() >= A_FEW || ours.of() >= least.requests();
        return enough && ours.rate() > theirs.rate() && Exact.fisher(ours, theirs) < AT_THE_END;
    }
}
