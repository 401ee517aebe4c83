package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The numbers are those of the books named. */
class ExactTest {

    /** Fisher, "The Design of Experiments", 1935, chapter II: eight cups, four of them with the milk first. */
    @Test
    void theLadyTastingTea() {
        assertThat(Exact.fisher(new Share(4, 4), new Share(0, 4))).isCloseTo(1 / 70.0, within(1e-12));
        assertThat(Exact.fisher(new Share(3, 4), new Share(1, 4))).isCloseTo(17 / 70.0, within(1e-12));
    }

    /** Fisher, "The Logic of Inductive Inference", 1935, on Lange's data: 10 of 13 against 2 of 17 is 619/1330665. */
    @Test
    void convictedTwins() {
        assertThat(Exact.fisher(new Share(10, 13), new Share(2, 17)))
                .isCloseTo(619 / 1_330_665.0, Percentage.withPercentage(1e-6));
    }

    /** C(50, 3) of the C(1050, 3) ways to spread three failures. */
    @Test
    void threeOfFiftyAgainstNoneOfAThousand() {
        double ways = 50.0 * 49 * 48 / (1_050.0 * 1_049 * 1_048);

        assertThat(Exact.fisher(new Share(3, 50), new Share(0, 1_000)))
                .isCloseTo(ways, Percentage.withPercentage(1e-6));
    }

    /** National Bureau of Standards, "Tables of the Binomial Probability Distribution", 1950. */
    @Test
    void theBinomialTailIsThatOfTheTables() {
        assertThat(Exact.atLeast(new Share(2, 10), 0.05)).isCloseTo(0.0861384, within(5e-8));
        assertThat(Exact.atLeast(new Share(5, 20), 0.1)).isCloseTo(0.0431745, within(5e-8));
        assertThat(Exact.atLeast(new Share(0, 20), 0.1)).isEqualTo(1);
    }

    @Test
    void theBinomialTailIsExactFarOutAndForManyRequests() {
        assertThat(Exact.atLeast(new Share(10, 10), 0.05))
                .isCloseTo(Math.pow(0.05, 10), Percentage.withPercentage(1e-6));
        assertThat(Exact.atLeast(new Share(10_500, 1_000_000), 0.01))
                .as("5.02 standard deviations")
                .isBetween(1e-7, 6e-7);
    }

    @Test
    void countsOfYearsAreNoTroubleAndTakeNoTime() {
        long years = 300_000_000_000L;

        assertThat(Exact.fisher(new Share(50, 1_000), new Share(years / 1_000, years)))
                .isLessThan(1e-40);
        assertThat(Exact.fisher(new Share(1, 1_000), new Share(years / 1_000, years)))
                .isBetween(0.6, 0.65);
    }

    /**
     * Rank tests by counting every order there is: with five answers on each side, how often do so many of ours rank above
     * all but {@code above} of theirs?
     */
    @Test
    void thePrecedenceTestIsWhatCountingAllOrdersGives() {
        for (int above = 0; above < 3; above++) {
            for (int ours = 1; ours <= 5; ours++) {
                assertThat(Exact.fisher(new Share(ours, 5), new Share(above, 5)))
                        .as("%s of ours, %s of theirs above", ours, above)
                        .isCloseTo(shareOfOrders(ours, above), within(1e-12));
            }
        }
    }

    private static double shareOfOrders(int ours, int above) {
        int orders = 0;
        int found = 0;
        for (int theirs = 0; theirs < 1 << 10; theirs++) {
            if (Integer.bitCount(theirs) == 5) {
                orders++;
                found += oursAboveAllBut(above, theirs) >= ours ? 1 : 0;
            }
        }
        return (double) found / orders;
    }

    /** Bit 9 is the slowest answer. */
    private static int oursAboveAllBut(int above, int theirs) {
        int seen = 0;
        int ours = 0;
        for (int rank = 9; rank >= 0; rank--) {
            if ((theirs >> rank & 1) == 0) {
                ours++;
            } else if (++seen > above) {
                return ours;
            }
        }
        return ours;
    }
}
