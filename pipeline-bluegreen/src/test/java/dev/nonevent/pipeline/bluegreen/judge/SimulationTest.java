package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bakes in virtual time: 200 requests a second, looked at every 25 ms, from fixed seeds. The numbers are in docs/judge.md. */
@Timeout(60)
class SimulationTest {

    private static final int A_LOOK = 5;
    private static final int A_SECOND = 200;
    private static final int BAKES = 10_000;

    private final Judge against = Judge.errorRate().notWorseThanStable();
    private final Judge fixed = Judge.errorRate().atMost(0.01);

    @Test
    void aReleaseThatFailsEveryRequestIsFoundWithinAQuarterOfASecond() {
        for (double stable : new double[] {0, 0.001, 0.01, 0.1, 0.3, 0.5}) {
            Served before = served(1_000, Math.round(1_000 * stable));
            int looks = 1;
            while (against.soFar(Sample.of(served(looks * A_LOOK, looks * A_LOOK), before))
                    .failure()
                    .isEmpty()) {
                looks++;
            }
            say("100 %% errors against %.1f %%: found in %d ms of data", stable * 100, looks * 25);

            assertThat(looks * 25).as("against %s", stable).isLessThanOrEqualTo(250);
        }
    }

    @Test
    void fivePercentAgainstOneInAThousandAreFoundWithinFiveSeconds() {
        SplittableRandom chance = new SplittableRandom(5);
        int[] requests = new int[BAKES];
        for (int bake = 0; bake < BAKES; bake++) {
            Served stable = served(1_000, binomial(chance, 1_000, 0.001));
            requests[bake] = untilFailed(against, chance, stable, 0.05);
        }

        assertThat(laterThanFiveSeconds("1,000 stable requests", requests)).isLessThan(BAKES / 100);
    }

    @Test
    void againstAnHourOfTheStableReleaseItIsFasterStill() {
        SplittableRandom chance = new SplittableRandom(6);
        int[] requests = new int[BAKES];
        for (int bake = 0; bake < BAKES; bake++) {
            requests[bake] = untilFailed(against, chance, served(720_000, 720), 0.05);
        }

        assertThat(laterThanFiveSeconds("an hour of stable requests", requests)).isZero();
    }

    private static long laterThanFiveSeconds(String against, int[] requests) {
        Arrays.sort(requests);
        long late =
                Arrays.stream(requests).filter(taken -> taken > 5 * A_SECOND).count();
        say(
                "5 %% errors against 0.1 %% of %s: found in %.2f s (median), %.2f s (99 %%); later than 5 s: %d of %,d",
                against,
                requests[requests.length / 2] / (double) A_SECOND,
                requests[requests.length * 99 / 100] / (double) A_SECOND,
                late,
                requests.length);
        return late;
    }

    @Test
    void atEqualRatesFewerThanOneInAHundredAreRolledBack() {
        for (double rate : new double[] {0.0001, 0.001, 0.01, 0.05, 0.3}) {
            SplittableRandom chance = new SplittableRandom(1);
            int failed = 0;
            for (int bake = 0; bake < BAKES; bake++) {
                Served stable = served(1_000, binomial(chance, 1_000, rate));
                failed += fails(against, chance, stable, 500, rate) ? 1 : 0;
            }
            say("both at %.2f %%: rolled back %d of %,d", rate * 100, failed, BAKES);

            assertThat(failed).as("at %s", rate).isLessThan(BAKES / 100);
        }
    }

    @Test
    void fivePercentAgainstOneInAThousandAreMissedInFewerThanOneInAHundred() {
        SplittableRandom chance = new SplittableRandom(2);
        int missed = 0;
        int missedByTheFixedLimit = 0;
        for (int bake = 0; bake < BAKES; bake++) {
            Served stable = served(1_000, binomial(chance, 1_000, 0.001));
            missed += fails(against, chance, stable, 500, 0.05) ? 0 : 1;
            missedByTheFixedLimit += fails(fixed, chance, stable, 500, 0.05) ? 0 : 1;
        }
        say(
                "5 %% against 0.1 %%, 500 requests: missed %d of %,d; against a limit of 1 %%: missed %d",
                missed, BAKES, missedByTheFixedLimit);

        assertThat(missed).isLessThan(BAKES / 100);
        assertThat(missedByTheFixedLimit).isLessThan(BAKES / 100);
    }

    @Test
    void equallySlowReleasesStayAndOnesWithTwiceTheTailGo() {
        Judge judge = Judge.latency(Quantile.P99).notWorseThanStable(1.2);
        SplittableRandom chance = new SplittableRandom(3);
        int bakes = 1_000;
        int failed = 0;
        int missed = 0;
        for (int bake = 0; bake < bakes; bake++) {
            Served stable = timed(chance, 2_000, u -> 1);
            failed += failsByLatency(judge, chance, stable, u -> 1) ? 1 : 0;
            missed += failsByLatency(judge, chance, stable, u -> u > 0.9 ? 3 : 1) ? 0 : 1;
        }
        say(
                "p99 at most 1.2 times, 2,000 answers: equal rolled back %d of %,d; slowest tenth 3 times slower missed %d",
                failed, bakes, missed);

        assertThat(failed).isLessThan(bakes / 100);
        assertThat(missed).isLessThan(bakes / 100);
    }

    private static boolean fails(Judge judge, SplittableRandom chance, Served stable, int requests, double rate) {
        int failed = 0;
        for (int n = A_LOOK; n <= requests; n += A_LOOK) {
            failed += binomial(chance, A_LOOK, rate);
            if (judge.soFar(Sample.of(served(n, failed), stable)).failure().isPresent()) {
                return true;
            }
        }
        return judge.atTheEnd(Sample.of(served(requests, failed), stable)) instanceof Judgement.Fail;
    }

    private static int untilFailed(Judge judge, SplittableRandom chance, Served stable, double rate) {
        int failed = 0;
        int n = 0;
        do {
            n += A_LOOK;
            failed += binomial(chance, A_LOOK, rate);
        } while (judge.soFar(Sample.of(served(n, failed), stable)).failure().isEmpty() && n < 10_000);
        return n;
    }

    private static boolean failsByLatency(
            Judge judge, SplittableRandom chance, Served stable, DoubleUnaryOperator slowness) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (int n = 1; n <= 2_000; n++) {
            counts.merge(answer(chance, slowness), 1L, Long::sum);
            if (n % 200 == 0
                    && judge.soFar(Sample.of(timed(counts), stable)).failure().isPresent()) {
                return true;
            }
        }
        return judge.atTheEnd(Sample.of(timed(counts), stable)) instanceof Judgement.Fail;
    }

    private static Served timed(SplittableRandom chance, int answers, DoubleUnaryOperator slowness) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (int n = 0; n < answers; n++) {
            counts.merge(answer(chance, slowness), 1L, Long::sum);
        }
        return timed(counts);
    }

    private static Served timed(TreeMap<Long, Long> counts) {
        Latencies latencies = new Latencies(counts);
        return new Served(latencies.total(), 0, latencies);
    }

    /** A long tail (10 ms and up, Pareto with the exponent 2), in buckets a hundredth wide. */
    private static long answer(SplittableRandom chance, DoubleUnaryOperator slowness) {
        double u = chance.nextDouble();
        double microseconds = 10_000 / Math.sqrt(1 - u) * slowness.applyAsDouble(u);
        return (long) Math.ceil(Math.pow(1.01, Math.ceil(Math.log(microseconds) / Math.log(1.01))));
    }

    private static int binomial(SplittableRandom chance, int requests, double rate) {
        int failed = 0;
        for (int n = 0; n < requests; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
        }
        return failed;
    }

    private static Served served(long requests, long failed) {
        return new Served(requests, failed, Latencies.none());
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, "judge: " + format + "%n", values);
    }
}
