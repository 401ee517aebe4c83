package dev.nonevent.pipeline.bluegreen.judge;

import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/** Exact chances of counts, for one look. */
final class Exact {

    /** A share of more than so many is taken as the same share of so many: more would decide nothing else, only later. */
    private static final long MOST = 10_000_000;

    private Exact() {}

    /** That so many or more of so many are counted, each with the chance {@code rate}. */
    static double atLeast(Share seen, double rate) {
        Share share = seen.shrunkTo(MOST);
        return BinomialDistribution.of((int) share.of(), rate).survivalProbability((int) share.count() - 1);
    }

    /**
     * That so many or more of all that were counted on both sides fall on this one, if both sides have the same rate:
     * Fisher's exact test, one-sided (Fisher, "The Design of Experiments", 1935, chapter II).
     */
    static double fisher(Share ours, Share theirs) {
        Share one = ours.shrunkTo(MOST);
        Share other = theirs.shrunkTo(MOST);
        return HypergeometricDistribution.of(
                        (int) (one.of() + other.of()), (int) (one.count() + other.count()), (int) one.of())
                .survivalProbability((int) one.count() - 1);
    }
}
