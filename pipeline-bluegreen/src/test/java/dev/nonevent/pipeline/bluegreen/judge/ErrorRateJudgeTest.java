package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorRateJudgeTest {

    private final ErrorRateJudge judge = Judge.errorRate().atMost(0.01);

    @Test
    void aReleaseThatFailsEveryRequestIsFailedAfterFive() {
        assertThat(judge.soFar(new Sample(4, 4)).failure()).isEmpty();
        assertThat(judge.soFar(new Sample(5, 5)).failure()).contains("100.0 % of 5 requests failed, allowed 1.0 %");
    }

    @Test
    void fivePercentAtTwoHundredRequestsASecondAreFoundWithinFiveSeconds() {
        Random chance = new Random(20261123);
        for (int run = 0; run < 200; run++) {
            assertThat(requestsUntilFailed(chance, 0.05, 1_000)).isLessThan(1_000);
        }
    }

    @Test
    void aReleaseExactlyAtTheLimitIsFailedInLessThanOneOfAHundredBakes() {
        Random chance = new Random(7);
        int alarms = 0;
        for (int run = 0; run < 1_000; run++) {
            if (bakeFails(chance, 0.01, 5_000)) {
                alarms++;
            }
        }

        assertThat(alarms).isLessThan(10);
    }

    @Test
    void aFixedTestAskedAsOftenWouldRaiseFarMoreFalseAlarms() {
        Random chance = new Random(7);
        int alarms = 0;
        for (int run = 0; run < 1_000; run++) {
            if (naiveBakeFails(chance, 0.01, 5_000)) {
                alarms++;
            }
        }

        assertThat(alarms).as("of 1,000; the simulation can tell a bad rule").isGreaterThan(50);
    }

    @Test
    void noTrafficIsInconclusiveAtTheEnd() {
        assertThat(judge.atTheEnd(new Sample(0, 0)))
                .isEqualTo(new Judgement.Inconclusive(
                        "only 0 requests came in, 100 are needed to judge; no request came in"));
    }

    @Test
    void tooFewRequestsAreInconclusiveAndEnoughPass() {
        assertThat(judge.atTheEnd(new Sample(99, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(new Sample(100, 0))).isInstanceOf(Judgement.Pass.class);
        assertThat(judge.withAtLeast(5).atTheEnd(new Sample(5, 0))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void threeOfFiftyFailAtTheEndAgainstOneInAThousand() {
        assertThat(Judge.errorRate().atMost(0.001).atTheEnd(new Sample(50, 3))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void zeroAllowedMeansZero() {
        ErrorRateJudge strict = Judge.errorRate().atMost(0);

        assertThat(strict.soFar(new Sample(1_000_000, 1)).failure()).isPresent();
        assertThat(strict.atTheEnd(new Sample(1_000_000, 0))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void aShareThatIsNoneIsAProblem() {
        assertThat(Judge.errorRate().atMost(5).problems())
                .singleElement()
                .asString()
                .contains("0.01 for 1 %");
        assertThat(Judge.errorRate().atMost(Double.NaN).problems()).hasSize(1);
        assertThat(judge.withAtLeast(0).problems()).hasSize(1);
        assertThat(judge.problems()).isEmpty();
    }

    @Test
    void theTailIsThatOfTheTextbook() {
        // 1 - 0.95^10 - 10 * 0.05 * 0.95^9
        double expected = 1 - Math.pow(0.95, 10) - 10 * 0.05 * Math.pow(0.95, 9);

        assertThat(BinomialTail.atLeast(new Sample(10, 2), 0.05)).isCloseTo(expected, within(1e-12));
        assertThat(BinomialTail.atLeast(new Sample(10, 10), 0.05)).isCloseTo(Math.pow(0.05, 10), within(1e-20));
        assertThat(BinomialTail.atLeast(new Sample(1_000_000, 10_500), 0.01))
                .as("5.02 standard deviations")
                .isBetween(1e-7, 6e-7);
    }

    private int requestsUntilFailed(Random chance, double rate, int most) {
        int failed = 0;
        for (int n = 1; n <= most; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (judge.soFar(new Sample(n, failed)).failure().isPresent()) {
                return n;
            }
        }
        return most;
    }

    private boolean bakeFails(Random chance, double rate, int requests) {
        int failed = 0;
        for (int n = 1; n <= requests; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (n % 5 == 0 && judge.soFar(new Sample(n, failed)).failure().isPresent()) {
                return true;
            }
        }
        return judge.atTheEnd(new Sample(requests, failed)) instanceof Judgement.Fail;
    }

    private static boolean naiveBakeFails(Random chance, double rate, int requests) {
        int failed = 0;
        for (int n = 1; n <= requests; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (n % 5 == 0 && BinomialTail.atLeast(new Sample(n, failed), rate) < 0.01) {
                return true;
            }
        }
        return false;
    }
}
