package dev.nonevent.pipeline.bluegreen.judge;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * What a share that keeps growing says about the rate behind it, in a way that may be looked at after every request: a
 * confidence sequence.
 *
 * <p>For the true rate p, the likelihood of what was seen, averaged over all rates (by the beta distribution with both
 * parameters a half), divided by its likelihood at p, is a martingale that begins at 1. The chance that it ever reaches
 * 1/a is at most a, over any number of looks (Ville's inequality). So the rates at which it has not reached 1/a hold the
 * true one, at every moment, with a chance of at least 1 - a (Robbins, "Statistical methods related to the law of the
 * iterated logarithm", Annals of Mathematical Statistics 41, 1970; Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform,
 * nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49, 2021).
 */
final class Confidence {

    /** The logarithm of the beta function at a half and a half, which is pi. */
    private static final double LOG_PI = Math.log(Math.PI);

    private Confidence() {}

    /** Whether the rate is above this one; false for every true rate up to it but with a chance of {@code error}. */
    static boolean isAbove(double rate, Share seen, double error) {
        return seen.rate() > rate && against(rate, seen) >= -Math.log(error);
    }

    /** Whether the rate is at most this one; false for every true rate above it but with a chance of {@code error}. */
    static boolean isAtMost(double rate, Share seen, double error) {
        return rate >= 1 || (seen.of() > 0 && seen.rate() < rate && against(rate, seen) >= -Math.log(error));
    }

    /**
     * Whether our rate is above what the margin makes of theirs, whatever theirs is; false for every true pair of rates
     * within the margin but with a chance of {@code error}, in whatever order the two shares grow.
     *
     * <p>Here the likelihood of what was seen on both sides is divided by the highest that any pair within the margin gives
     * it (Wasserman, Ramdas and Balakrishnan, "Universal inference", PNAS 117, 2020, section 8): never more than the
     * martingale of the true pair.
     */
    static boolean isAbove(Margin margin, Share theirs, Share ours, double error) {
        if (ours.rate() <= margin.over(theirs.rate())) {
            return false;
        }
        double enough = averaged(ours) + averaged(theirs) + Math.log(error);
        double between = (double) (ours.count() + theirs.count()) / (ours.of() + theirs.of());
        return within(margin, theirs, ours, Math.min(between, highest(margin, ours))) <= enough
                && likeliestWithin(margin, theirs, ours) <= enough;
    }

    /** The highest of {@link #within} for any rate of theirs; it has one top on either side of the margin's bend. */
    private static double likeliestWithin(Margin margin, Share theirs, Share ours) {
        double low = theirs.rate();
        double high = highest(margin, ours);
        double bend = Math.max(low, Math.min(margin.bend(), high));
        return Math.max(top(margin, theirs, ours, low, bend), top(margin, theirs, ours, bend, high));
    }

    private static double top(Margin margin, Share theirs, Share ours, double from, double to) {
        double low = from;
        double high = to;
        for (int step = 0; step < 60; step++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (within(margin, theirs, ours, left) < within(margin, theirs, ours, right)) {
                low = left;
            } else {
                high = right;
            }
        }
        return within(margin, theirs, ours, (low + high) / 2);
    }

    /** Their rate, from which on ours as seen is within the margin. */
    private static double highest(Margin margin, Share ours) {
        return Math.max(0, Math.min(ours.rate() / margin.times(), ours.rate() - margin.more()));
    }

    /** The logarithm of the likelihood if theirs has this rate and ours the highest within the margin of it. */
    private static double within(Margin margin, Share theirs, Share ours, double rate) {
        return at(rate, theirs) + at(margin.over(rate), ours);
    }

    /** The logarithm of the martingale. */
    private static double against(double rate, Share seen) {
        return averaged(seen) - at(rate, seen);
    }

    /** The logarithm of the likelihood, averaged over all rates. */
    private static double averaged(Share seen) {
        return LogBeta.value(seen.count() + 0.5, seen.of() - seen.count() + 0.5) - LOG_PI;
    }

    /** The logarithm of the likelihood at this rate. */
    private static double at(double rate, Share seen) {
        return times(seen.count(), Math.log(rate)) + times(seen.of() - seen.count(), Math.log1p(-rate));
    }

    /** Nothing of what cannot be is nothing. */
    private static double times(long count, double logarithm) {
        return count == 0 ? 0 : count * logarithm;
    }
}
