package dev.nonevent.pipeline.bluegreen.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeterTest {

    private final Meter meter = new Meter("shop-2", Optional.of("shop-1"));

    @Test
    void aSampleHasTheReleaseAndTheStableOneAndNobodyElse() {
        Sample sample =
                meter.read(List.of(counts("shop-0", 7, 7), counts("shop-1", 1_000, 1), counts("shop-2", 50, 3)));

        assertThat(sample.release().requests()).isEqualTo(50);
        assertThat(sample.release().failed()).isEqualTo(3);
        assertThat(sample.stable().requests()).isEqualTo(1_000);
        assertThat(sample.gap()).isEmpty();
    }

    @Test
    void countsThatStartAgainAtZeroAreAddedAndNeverNegative() {
        meter.read(List.of(counts("shop-2", 500, 4)));
        meter.read(List.of(counts("shop-2", 10, 0)));

        Sample sample = meter.read(List.of(counts("shop-2", 30, 1)));

        assertThat(sample.release().requests()).isEqualTo(530);
        assertThat(sample.release().failed()).isEqualTo(5);
        assertThat(sample.release().latencies().counts()).containsExactly(Map.entry(1_000L, 525L));
        assertThat(sample.gap()).isPresent();
    }

    @Test
    void aRouterThatStartedAgainMakesAGoodReleaseInconclusiveAndABadOneFail() {
        Judge judge = Judge.errorRate().atMost(0.01);
        meter.read(List.of(counts("shop-2", 500, 0)));

        Judgement good = judge.atTheEnd(meter.read(List.of(counts("shop-2", 400, 0))));
        Judgement bad = judge.soFar(meter.read(List.of(counts("shop-2", 460, 60))));

        assertThat(good)
                .isEqualTo(new Judgement.Inconclusive("counting started again at zero in between, so some requests are"
                        + " missing; 0.0 % of 900 requests failed, allowed 1.0 %"));
        assertThat(bad).isInstanceOf(Judgement.Fail.class);
    }

    @Test
    void countsThatAreGoneAreAGapToo() {
        meter.read(List.of(counts("shop-1", 1_000, 1), counts("shop-2", 50, 3)));

        Sample sample = meter.read(List.of());

        assertThat(sample.release().requests()).isEqualTo(50);
        assertThat(sample.stable().requests()).isEqualTo(1_000);
        assertThat(sample.gap()).isPresent();
    }

    @Test
    void fromNowOnWhatWasBeforeDoesNotCountOnEitherSide() {
        Meter step = meter.since(List.of(counts("shop-1", 1_000, 10), counts("shop-2", 50, 3)));
        assertThat(step.sample().release().requests()).isZero();

        Sample sample = step.read(List.of(counts("shop-1", 1_900, 11), counts("shop-2", 150, 4)));

        assertThat(sample.release()).isEqualTo(served(100, 1));
        assertThat(sample.stable()).isEqualTo(served(900, 1));
        assertThat(sample.gap()).isEmpty();
    }

    @Test
    void fromNowOnAndThenFromZeroIsAddedToo() {
        Meter step = meter.since(List.of(counts("shop-2", 50, 3)));
        step.read(List.of(counts("shop-2", 80, 3)));

        Sample sample = step.read(List.of(counts("shop-2", 20, 1)));

        assertThat(sample.release()).isEqualTo(served(50, 1));
        assertThat(sample.gap()).isPresent();
    }

    @Test
    void withoutAStableReleaseThereIsNothingToCompareTo() {
        Meter alone = new Meter("shop-1", Optional.empty());

        assertThat(alone.read(List.of(counts("shop-1", 5, 0))).stable()).isEqualTo(Served.nothing());
    }

    private static Served served(long requests, long failed) {
        return new Served(requests, failed, new Latencies(new TreeMap<>(Map.of(1_000L, requests - failed))));
    }

    private static Counts counts(String deployment, long requests, long failed) {
        Latencies latencies =
                requests == failed ? Latencies.none() : new Latencies(new TreeMap<>(Map.of(1_000L, requests - failed)));
        return new Counts(Colour.BLUE, deployment, requests, failed, 0, 0, Optional.empty(), latencies);
    }
}
