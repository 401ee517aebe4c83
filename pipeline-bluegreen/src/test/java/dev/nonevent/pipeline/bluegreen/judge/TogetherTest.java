package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TogetherTest {

    private final Judge pass = Judge.judgedBy("a", sample -> new Judgement.Pass("good"));
    private final Judge fail = Judge.judgedBy("b", sample -> new Judgement.Fail("bad"));
    private final Judge unclear = Judge.judgedBy("c", sample -> new Judgement.Inconclusive("dark"));

    @Test
    void failBeatsInconclusiveAndInconclusiveBeatsPass() {
        assertThat(end(pass.and(unclear).and(fail))).isEqualTo(new Judgement.Fail("bad"));
        assertThat(end(pass.and(unclear))).isEqualTo(new Judgement.Inconclusive("dark"));
        assertThat(end(pass.and(pass))).isEqualTo(new Judgement.Pass("good; good"));
    }

    @Test
    void theFirstToFailEndsTheBake() {
        Judge both = pass.and(Judge.errorRate().atMost(0.01));

        assertThat(both.soFar(Sample.of(5, 5))).isInstanceOf(Judgement.Fail.class);
        assertThat(both.soFar(Sample.of(5, 0))).isInstanceOf(Judgement.Inconclusive.class);
    }

    @Test
    void problemsAndDescriptionsAreThoseOfAll() {
        Judge both =
                Judge.errorRate().atMost(7).and(Judge.errorRate().atMost(0.01).withAtLeast(0));

        assertThat(both.problems()).hasSize(2);
        assertThat(both.description()).isEqualTo("error rate at most 700.0 %, error rate at most 1.0 %");
    }

    @Test
    void aRuleOfYourOwnSeesBothReleases() {
        Judge rule = Judge.judgedBy(
                "not more failures than before",
                sample -> sample.release().failed() > sample.stable().failed()
                        ? new Judgement.Fail("more")
                        : new Judgement.Pass("not more"));

        assertThat(end(rule)).isEqualTo(new Judgement.Pass("not more"));
        assertThat(rule.soFar(Sample.of(9, 9))).isInstanceOf(Judgement.Inconclusive.class);
    }

    @Test
    void aRuleThatBreaksIsNoPass() {
        Judge broken = Judge.judgedBy("of mine", sample -> {
            throw new IllegalStateException("no such row");
        });

        assertThat(end(broken))
                .isEqualTo(new Judgement.Inconclusive("of mine broke: java.lang.IllegalStateException: no such row"));
    }

    private static Judgement end(Judge judge) {
        return judge.atTheEnd(Sample.of(0, 0));
    }
}
