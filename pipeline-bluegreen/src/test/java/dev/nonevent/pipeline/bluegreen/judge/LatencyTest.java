package dev.nonevent.pipeline.bluegreen.judge;

import static dev.nonevent.pipeline.bluegreen.judge.Quantile.P50;
import static dev.nonevent.pipeline.bluegreen.judge.Quantile.P95;
import static dev.nonevent.pipeline.bluegreen.judge.Quantile.P99;
import static dev.nonevent.pipeline.bluegreen.judge.Quantile.P999;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long MS = 1_000;

    private final LatencyJudge within500 = Judge.latency(P99).atMost(Duration.ofMillis(500));
    private final LatencyAgainstStable notSlower = Judge.latency(P99).notWorseThanStable(1.2);

    @Test
    void sevenOfTenAHundredTimesSlowerDoNotPass() {
        Sample sample = Sample.of(answers(Map.of(100 * MS, 7L, MS, 3L)), answers(Map.of(MS, 10L)));

        assertThat(notSlower.atTheEnd(sample))
                .isEqualTo(new Judgement.Fail(
                        "p99 is 100 ms of 10 answers, of the stable release 1 ms of 10, allowed 1.2 times"));
        assertThat(Judge.latency(P50).notWorseThanStable(1.2).atTheEnd(sample)).isNotInstanceOf(Judgement.Pass.class);
    }

    @Test
    void aSlowTailThatLeavesTheMiddleAloneFails() {
        Served stable = answers(Map.of(10 * MS, 9_950L, 50 * MS, 50L));
        Served release = answers(Map.of(10 * MS, 970L, 400 * MS, 30L));

        assertThat(notSlower.atTheEnd(Sample.of(release, stable))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void aTenthSlowerIsWithinOnePointTwoTimesHoweverSureItIs() {
        Served stable = answers(Map.of(100 * MS, 1_000_000L));
        Served release = answers(Map.of(110 * MS, 1_000_000L));

        assertThat(notSlower.atTheEnd(Sample.of(release, stable))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void everythingTwiceAsSlowIsFailedWhileTheBakeGoesOn() {
        Served stable = answers(Map.of(100 * MS, 10_000L));
        Served release = answers(Map.of(200 * MS, 50L));

        assertThat(notSlower.soFar(Sample.of(release, stable))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void oneAnswerOfAnHourWeighsNoMoreThanAnyOtherSlowOne() {
        Served stable = answers(Map.of(10 * MS, 10_000L));
        Served release = answers(Map.of(10 * MS, 9_999L, 3_600_000 * MS, 1L));

        assertThat(notSlower.atTheEnd(Sample.of(release, stable))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void withoutTimesOnEitherSideItIsInconclusive() {
        Served some = answers(Map.of(MS, 5_000L));

        assertThat(notSlower.atTheEnd(Sample.of(some, Served.nothing())).why())
                .isEqualTo("of the stable release only 0 requests are known, 1,000 are needed to compare; no answer of"
                        + " the stable release was timed");
        assertThat(notSlower.atTheEnd(Sample.of(Served.nothing(), some))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(notSlower.soFar(Sample.of(some, Served.nothing()))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(within500.atTheEnd(Sample.of(100, 0)).why())
                .isEqualTo("only 0 requests came in, 1,000 are needed to judge; no answer was timed");
    }

    @Test
    void aHundredthMayTakeLongerAndNoMore() {
        Served kept = answers(Map.of(10 * MS, 9_900L, 900 * MS, 100L));
        Served broken = answers(Map.of(10 * MS, 9_800L, 900 * MS, 200L));

        assertThat(within500.atTheEnd(Sample.of(kept, Served.nothing()))).isInstanceOf(Judgement.Pass.class);
        assertThat(within500.soFar(Sample.of(broken, Served.nothing())))
                .isEqualTo(new Judgement.Fail(
                        "p99 is 900 ms, 2.0 % of 10,000 answers took longer than the allowed 500 ms"));
    }

    @Test
    void whatMayHaveKeptTheAllowedTimeByItsBucketKeepsIt() {
        Served exactly = answers(Map.of(500 * MS, 10_000L));
        Served straddling = answers(Map.of(531 * MS, 10_000L));
        Served beyond = answers(Map.of(532 * MS, 10_000L));

        assertThat(within500.atTheEnd(Sample.of(exactly, Served.nothing()))).isInstanceOf(Judgement.Pass.class);
        assertThat(within500.atTheEnd(Sample.of(straddling, Served.nothing()))).isInstanceOf(Judgement.Pass.class);
        assertThat(within500.atTheEnd(Sample.of(beyond, Served.nothing()))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void theNextBucketAloneIsNotSlower() {
        Served stable = answers(Map.of(512 * MS, 10_000L));
        Judge notAtAll = Judge.latency(P99).notWorseThanStable(1);

        Judgement next = notAtAll.atTheEnd(Sample.of(answers(Map.of(544 * MS, 10_000L)), stable));
        Judgement nextButOne = notAtAll.atTheEnd(Sample.of(answers(Map.of(576 * MS, 10_000L)), stable));

        assertThat(next).isInstanceOf(Judgement.Pass.class);
        assertThat(nextButOne).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void aHangingReleaseIsFoundInAFewAnswers() {
        assertThat(within500.soFar(Sample.of(answers(Map.of(3_000 * MS, 5L)), Served.nothing())))
                .isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void tenAnswersBeyondTheQuantileAreNeededUnlessSaidOtherwise() {
        Served few = answers(Map.of(MS, 999L));

        assertThat(within500.atTheEnd(Sample.of(few, Served.nothing()))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(within500.withAtLeast(999).atTheEnd(Sample.of(few, Served.nothing())))
                .isInstanceOf(Judgement.Pass.class);
        assertThat(P50.enough().requests()).isEqualTo(100);
        assertThat(P95.enough().requests()).isEqualTo(200);
        assertThat(P999.enough().requests()).isEqualTo(10_000);
    }

    @Test
    void whatIsNoLimitIsAProblem() {
        assertThat(within500.problems()).isEmpty();
        assertThat(notSlower.problems()).isEmpty();
        assertThat(Judge.latency(P99).atMost(Duration.ZERO).problems()).hasSize(1);
        assertThat(Judge.latency(P99).notWorseThanStable(0.5).problems()).hasSize(1);
        assertThat(Judge.latency(P99).notWorseThanStable(Double.NaN).problems()).hasSize(1);
        assertThat(Judge.latency(new Quantile(99)).notWorseThanStable(2).problems())
                .singleElement()
                .asString()
                .contains("such as 0.99");
    }

    @Test
    void thePlanSaysTheLimit() {
        assertThat(within500.description()).isEqualTo("p99 at most 500 ms");
        assertThat(Judge.latency(P999).notWorseThanStable(1.5).description())
                .isEqualTo("p99.9 at most 1.5 times the stable one");
    }

    private static Served answers(Map<Long, Long> microseconds) {
        Latencies latencies = new Latencies(new TreeMap<>(microseconds));
        return new Served(latencies.total(), 0, latencies);
    }
}
