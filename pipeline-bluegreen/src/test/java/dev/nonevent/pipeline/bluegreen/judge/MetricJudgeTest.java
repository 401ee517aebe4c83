package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class MetricJudgeTest {

    private static final Subject SUBJECT = new Subject("shop-2", "v2", "shop-1");

    private final MetricSource queue = MetricSource.of("queued orders", () -> 1);
    private final MetricJudge judge = Judge.metric(queue).atMost(0.5);

    @Test
    void theLastReadingDecidesAtTheEnd() {
        assertThat(judge.atTheEnd(sample(0.7, 0.5)))
                .isEqualTo(new Judgement.Pass("queued orders is 0.5, allowed at most 0.5"));
        assertThat(judge.atTheEnd(sample(0.1, 0.50005)))
                .isEqualTo(new Judgement.Fail("queued orders is 0.50005, allowed at most 0.5"));
    }

    @Test
    void unknownAtTheEndIsInconclusiveWhateverWasBefore() {
        assertThat(judge.atTheEnd(sample(0.1, Double.NaN)))
                .isEqualTo(new Judgement.Inconclusive("queued orders answered NaN"));
        assertThat(judge.atTheEnd(sample()))
                .isEqualTo(new Judgement.Inconclusive("queued orders has not answered yet"));
    }

    @Test
    void threeInARowBeyondTheLimitEndTheBake() {
        assertThat(judge.soFar(sample(0.7, 0.8)).failure()).isEmpty();
        assertThat(judge.soFar(sample(0.7, 0.1, 0.8, 0.9)).failure()).isEmpty();
        assertThat(judge.soFar(sample(0.7, Double.NaN, 0.8)).failure()).isEmpty();
        assertThat(judge.soFar(sample(0.1, 0.7, 0.8, 0.9)).failure())
                .contains("queued orders is 0.9, allowed at most 0.5, 3 times in a row");
        assertThat(judge.failingAfter(1).soFar(sample(0.9)).failure()).isPresent();
    }

    @Test
    void theLimitMayBeALowerOne() {
        MetricJudge sold = Judge.metric(queue).atLeast(10);

        assertThat(sold.atTheEnd(sample(10))).isInstanceOf(Judgement.Pass.class);
        assertThat(sold.atTheEnd(sample(9))).isInstanceOf(Judgement.Fail.class);
        assertThat(sold.atTheEnd(sample(Double.POSITIVE_INFINITY))).isInstanceOf(Judgement.Inconclusive.class);
        assertThat(sold.description()).isEqualTo("queued orders at least 10");
    }

    @Test
    void aValueIsFinite() {
        assertThatThrownBy(() -> new Reading.Value(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSourceOfYourOwnThatBreaksOrSaysNothingIsUnknown() throws Exception {
        MetricSource broken = MetricSource.of("mine", () -> {
            throw new IOException("no such host");
        });
        Callable<Double> nothing = () -> null;

        assertThat(broken.read(SUBJECT)).isEqualTo(new Reading.Unknown("broke: java.io.IOException: no such host"));
        assertThat(MetricSource.of("none", nothing).read(SUBJECT)).isInstanceOf(Reading.Unknown.class);
        assertThat(queue.read(SUBJECT)).isEqualTo(new Reading.Value(1));
    }

    @Test
    void onlyTheNewestReadingsAreKept() {
        Readings readings = Readings.none();
        for (int i = 0; i < 100; i++) {
            readings = readings.and(queue, Reading.of(i));
        }

        assertThat(readings.of(queue)).hasSize(20).endsWith(new Reading.Value(99));
    }

    @Test
    void whatIsNoLimitIsAProblem() {
        assertThat(judge.problems()).isEmpty();
        assertThat(Judge.metric(queue).atMost(Double.NaN).problems()).hasSize(1);
        assertThat(judge.failingAfter(0).problems()).hasSize(1);
        assertThat(judge.failingAfter(21).problems()).hasSize(1);
    }

    @Test
    void aJudgeMadeOfSeveralAsksTheSourcesOfAllOnce() {
        assertThat(Judge.errorRate().atMost(0.01).and(judge).and(judge).sources())
                .containsExactly(queue);
    }

    @Test
    void aVersionThatCouldChangeTheQuestionIsNotFilledIn() {
        Subject rude = new Subject("shop-2", "v2\"} or vector(0) #", "shop-1");

        assertThat(SUBJECT.fill("a{d=\"{deployment}\",v=\"{version}\",s=\"{stable}\"}"))
                .contains("a{d=\"shop-2\",v=\"v2\",s=\"shop-1\"}");
        assertThat(rude.fill("a{v=\"{version}\"}")).isEmpty();
        assertThat(rude.fill("a{d=\"{deployment}\"}")).contains("a{d=\"shop-2\"}");
    }

    private Sample sample(double... numbers) {
        Readings readings = Readings.none();
        for (double number : numbers) {
            readings = readings.and(queue, Reading.of(number));
        }
        return Sample.of(0, 0).with(readings);
    }
}
