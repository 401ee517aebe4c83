package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErrorRateAgainstStableTest {

    private final ErrorRateAgainstStable judge = Judge.errorRate().notWorseThanStable();

    @Test
    void threeErrorsOfFiftyAgainstNoneOfAThousandFail() {
        assertThat(judge.atTheEnd(sample(50, 3, 1_000, 0)))
                .isEqualTo(new Judgement.Fail("6.0 % of 50 requests failed, of the stable release 0.0 % of 1,000"));
    }

    @Test
    void aTenthMoreThanAlmostNothingIsNotWorseHoweverSureItIs() {
        Sample sample = sample(10_000_000, 11_000, 10_000_000, 10_000);

        assertThat(judge.soFar(sample)).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(sample)).isInstanceOf(Judgement.Pass.class);
        assertThat(judge.withMargin(1, 0).atTheEnd(sample)).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void aReleaseAsBadAsTheStableOneIsNotWorse() {
        assertThat(judge.atTheEnd(sample(1_000, 300, 1_000, 300))).isInstanceOf(Judgement.Pass.class);
        assertThat(judge.atTheEnd(sample(1_000, 310, 100_000, 30_000))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void aReleaseTwiceAsBadAsABadOneFails() {
        assertThat(judge.soFar(sample(1_000, 600, 1_000, 300))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void noTrafficIsInconclusive() {
        assertThat(judge.soFar(sample(0, 0, 1_000, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(sample(0, 0, 1_000, 0)))
                .isEqualTo(new Judgement.Inconclusive(
                        "only 0 requests came in, 100 are needed to judge; no request came in"));
    }

    @Test
    void aStableReleaseOfWhichLittleIsKnownLetsNothingPass() {
        assertThat(judge.atTheEnd(sample(10_000, 0, 99, 0)).why())
                .startsWith("of the stable release only 99 requests are known, 100 are needed to compare");
        assertThat(judge.atTheEnd(sample(10_000, 0, 0, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.soFar(sample(10_000, 10_000, 0, 0))).isInstanceOf(Judgement.Inconclusive.class);
    }

    @Test
    void oneOrTwoFailuresAreNoRateUnlessTheyAreOfEnoughRequests() {
        assertThat(judge.atTheEnd(sample(1, 1, 100_000, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(sample(2, 2, 100_000, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.atTheEnd(sample(3, 3, 100_000, 0))).isInstanceOf(Judgement.Fail.class);
        assertThat(judge.atTheEnd(sample(100, 2, 100_000, 0))).isInstanceOf(Judgement.Fail.class);
        assertThat(judge.atTheEnd(sample(100, 2, 100_000, 1_000))).isInstanceOf(Judgement.Pass.class);
    }

    @Test
    void aStumbleOfFourEndsNothingEarly() {
        assertThat(judge.soFar(sample(4, 4, 100_000, 0))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(judge.soFar(sample(5, 5, 100_000, 0))).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void aGapMakesAPassInconclusiveAndLeavesAFailureOne() {
        Optional<String> gap = Optional.of("counting started again");

        Judgement good = judge.atTheEnd(new Sample(served(1_000, 0), served(1_000, 0), gap, Readings.none()));
        Judgement bad = judge.atTheEnd(new Sample(served(1_000, 100), served(1_000, 0), gap, Readings.none()));

        assertThat(good).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(bad).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void aMarginThatIsNoneIsAProblem() {
        assertThat(judge.problems()).isEmpty();
        assertThat(judge.withMargin(0.5, 0).problems())
                .singleElement()
                .asString()
                .contains("say 1 or more times");
        assertThat(judge.withMargin(2, Double.NaN).problems()).hasSize(1);
        assertThat(judge.withAtLeast(0).problems()).hasSize(1);
    }

    @Test
    void thePlanSaysWhatIsNotWorse() {
        assertThat(judge.description())
                .isEqualTo("error rate not worse than the stable one (up to 1.25 times or 0.10 % more)");
    }

    private static Sample sample(long requests, long failed, long stableRequests, long stableFailed) {
        return Sample.of(served(requests, failed), served(stableRequests, stableFailed));
    }

    private static Served served(long requests, long failed) {
        return new Served(requests, failed, Latencies.none());
    }
}
