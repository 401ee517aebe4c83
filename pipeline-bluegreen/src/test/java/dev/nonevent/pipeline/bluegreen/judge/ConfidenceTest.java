package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.LogBeta;
import org.junit.jupiter.api.Test;

class ConfidenceTest {

    private static final Margin MARGIN = new Margin(1.25, 0.001);

    /** The average of (1-p)^n over the beta distribution is 1/2 * 3/4 * 5/6 * …, n factors. */
    @Test
    void theBoundOfASpotlessShareIsTheOneByHand() {
        double average = 1;
        for (int i = 1; i <= 1_000; i++) {
            average *= (i - 0.5) / i;
        }

        double byHand = 1 - Math.pow(average * 0.001, 1 / 1_000.0);

        assertThat(Confidence.isAtMost(byHand + 1e-9, new Share(0, 1_000), 0.001))
                .isTrue();
        assertThat(Confidence.isAtMost(byHand - 1e-9, new Share(0, 1_000), 0.001))
                .isFalse();
    }

    @Test
    void ofNothingNothingIsKnown() {
        Share nothing = new Share(0, 0);

        assertThat(Confidence.isAbove(0.01, nothing, 0.001)).isFalse();
        assertThat(Confidence.isAtMost(0.99, nothing, 0.001)).isFalse();
        assertThat(Confidence.isAbove(MARGIN, nothing, new Share(50, 50), 0.001))
                .isFalse();
        assertThat(Confidence.isAbove(MARGIN, new Share(0, 50), nothing, 0.001)).isFalse();
    }

    @Test
    void theBoundComesCloserTheMoreIsSeen() {
        assertThat(Confidence.isAtMost(0.012, new Share(1, 1_000), 0.001)).isFalse();
        assertThat(Confidence.isAtMost(0.02, new Share(1, 1_000), 0.001)).isTrue();
        assertThat(Confidence.isAtMost(0.0012, new Share(1_000, 1_000_000), 0.001))
                .isTrue();
        assertThat(Confidence.isAtMost(0.001006, new Share(1_000_000, 1_000_000_000), 0.001))
                .isTrue();
    }

    @Test
    void allFailedIsAboveEveryRateSoonButTheOne() {
        assertThat(Confidence.isAbove(0.3, new Share(10, 10), 0.001)).isTrue();
        assertThat(Confidence.isAbove(1, new Share(1_000, 1_000), 0.001)).isFalse();
    }

    /** A grid finds no pair of rates within the margin that explains better what was seen. */
    @Test
    void theLikeliestPairWithinTheMarginIsTheLikeliestOfAGrid() {
        for (Margin margin : new Margin[] {MARGIN, new Margin(1, 0.01), new Margin(2, 0), new Margin(1.01, 0.02)}) {
            for (int failed = 5; failed < 60; failed += 3) {
                Share ours = new Share(failed, 200);
                for (Share theirs : new Share[] {new Share(0, 500), new Share(3, 500), new Share(40, 500)}) {
                    assertThat(Confidence.isAbove(margin, theirs, ours, 0.002))
                            .as("%s against %s, %s", ours, theirs, margin)
                            .isEqualTo(isAboveByGrid(margin, theirs, ours));
                }
            }
        }
    }

    /** Both at 5 %, and both growing: every request of either side is a look. */
    @Test
    void twoEqualRatesAreToldApartInNoMoreRunsThanPromisedOverAllLooks() {
        SplittableRandom chance = new SplittableRandom(1963);
        Margin none = new Margin(1, 0);
        int apart = 0;
        for (int run = 0; run < 1_000; run++) {
            apart += toldApart(none, chance, 0.05, 500, 0.9) ? 1 : 0;
        }

        assertThat(apart)
                .as("of 1,000, promised 900; it errs on the side of the release")
                .isBetween(1, 100);
    }

    /** One look at a time would be wrong by the error; here every request of 1,000 is a look. */
    @Test
    void theTrueRateLeavesTheSequenceInNoMoreRunsThanPromisedOverAllLooks() {
        SplittableRandom chance = new SplittableRandom(1954);
        int left = 0;
        for (int run = 0; run < 2_000; run++) {
            left += leaves(chance, 0.05, 1_000, 0.05) ? 1 : 0;
        }

        assertThat(left).as("of 2,000, promised 100").isBetween(10, 100);
    }

    private static boolean leaves(SplittableRandom chance, double rate, int looks, double error) {
        int count = 0;
        for (int n = 1; n <= looks; n++) {
            count += chance.nextDouble() < rate ? 1 : 0;
            Share seen = new Share(count, n);
            if (Confidence.isAbove(rate, seen, error) || Confidence.isAtMost(rate, seen, error)) {
                return true;
            }
        }
        return false;
    }

    private static boolean toldApart(Margin margin, SplittableRandom chance, double rate, int looks, double error) {
        int ours = 0;
        int theirs = 0;
        for (int n = 1; n <= looks; n++) {
            ours += chance.nextDouble() < rate ? 1 : 0;
            theirs += chance.nextDouble() < rate ? 1 : 0;
            if (Confidence.isAbove(margin, new Share(theirs, n), new Share(ours, n), error)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAboveByGrid(Margin margin, Share theirs, Share ours) {
        double most = Double.NEGATIVE_INFINITY;
        for (int step = 1; step < 20_000; step++) {
            double theirRate = step / 20_000.0;
            double ourRate = Math.min(margin.over(theirRate), Math.max(ours.rate(), 1e-9));
            most = Math.max(most, logarithm(theirRate, theirs) + logarithm(ourRate, ours));
        }
        double averaged = LogBeta.value(ours.count() + 0.5, ours.of() - ours.count() + 0.5)
                + LogBeta.value(theirs.count() + 0.5, theirs.of() - theirs.count() + 0.5)
                - 2 * Math.log(Math.PI);
        return averaged - most >= -Math.log(0.002);
    }

    private static double logarithm(double rate, Share seen) {
        return seen.count() * Math.log(rate) + (seen.of() - seen.count()) * Math.log1p(-rate);
    }
}
