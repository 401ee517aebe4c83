package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorRateJudgeTest {

    private final ErrorRateJudge judge = Judge.errorRate().atMost(0.01);

    @Test
    void aReleaseThatFailsEveryRequestIsFailedAfterFive() {
        assertThat(judge.soFar(Sample.of(4, 4)).failure()).isEmpty();
        assertThat(judge.soFar(Sample.of(5, 5)).failure()).contains("100.0 % of 5 requests failed, allowed 1.0 %");
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
        assertThat(judge.atTheEnd(Sample.of(0, 0)))
                .isEqualTo(new Judgement.Inconclusive(
                        "only 0 requests came in, 100 are needed to judge; no request came in"));
    }

    @Test
    void tooFewRequestsAreInconclusiveAndEnoughPass() {
        assertThat(judge.atTheEnd(Sample.of(99, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(Sample.of(100, 0))).isInstanceOf(Judgement.Pass.class);
        assertThat(judge.withAtLeast(5).atTheEnd(Sample.of(5, 0))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void threeOfFiftyFailAtTheEndAgainstOneInAThousand() {
        assertThat(Judge.errorRate().atMost(0.001).atTheEnd(Sample.of(50, 3))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void countsWithAGapMayFailAReleaseButDoNotPassIt() {
        Served bad = new Served(1_000, 500, Latencies.none());
        Served good = new Served(1_000, 0, Latencies.none());
        Optional<String> gap = Optional.of("the router was started anew");

        assertThat(judge.soFar(new Sample(bad, Served.nothing(), gap, Readings.none())))
                .isInstanceOf(Judgement.Fail.class);
        assertThat(judge.atTheEnd(new Sample(good, Served.nothing(), gap, Readings.none())))
                .isEqualTo(new Judgement.Inconclusive(
                        "the router was started anew; 0.0 % of 1,000 requests failed, allowed 1.0 %"));
    }

    @Test
    void zeroAllowedMeansZero() {
        ErrorRateJudge strict = Judge.errorRate().atMost(0);

        assertThat(strict.soFar(Sample.of(1_000_000, 1)).failure()).isPresent();
        assertThat(strict.atTheEnd(Sample.of(1_000_000, 0))).isInstanceOf(Judgement.Pass.class);
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

    private int requestsUntilFailed(Random chance, double rate, int most) {
        int failed = 0;
        for (int n = 1; n <= most; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (judge.soFar(Sample.of(n, failed)).failure().isPresent()) {
                return n;
            }
        }
        return most;
    }

    private boolean bakeFails(Random chance, double rate, int requests) {
        int failed = 0;
        for (int n = 1; n <= requests; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (n % 5 == 0 && judge.soFar(Sample.of(n, failed)).failure().isPresent()) {
                return true;
            }
        }
        return judge.atTheEnd(Sample.of(requests, failed)) instanceof Judgement.Fail;
    }

    private static boolean naiveBakeFails(Random chance, double rate, int requests) {
        int failed = 0;
        for (int n = 1; n <= requests; n++) {
            failed += chance.nextDouble() < rate ? 1 : 0;
            if (n % 5 == 0 && Exact.atLeast(new Share(failed, n), rate) < 0.01) {
                return true;
            }
        }
        return false;
    }
}
