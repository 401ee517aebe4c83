package dev.nonevent.pipeline.bluegreen.router.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void whatGrowsSteadilyHasItsSlopeAndALargerLastThird() {
        Samples growing = of(60, second -> 10_000 + 100 * second);

        assertThat(growing.slopePerMinute(Samples.Sample::kilobytes)).isCloseTo(6_000, within(1.0));
        assertThat(growing.lastThirdToSecond(Samples.Sample::kilobytes)).isGreaterThan(1.1);
    }

    @Test
    void whatGrewAtFirstAndThenStayedIsFlat() {
        Samples settled = of(60, second -> second < 20 ? 10_000 + 1_000 * second : 30_000 + second % 2);

        assertThat(settled.slopePerMinute(Samples.Sample::kilobytes)).isCloseTo(0, within(5.0));
        assertThat(settled.lastThirdToSecond(Samples.Sample::kilobytes)).isCloseTo(1, within(0.01));
    }

    @Test
    void aProcessTellsWhatItHolds() throws Exception {
        Samples ours = new Samples(ProcessHandle.current().pid());

        Samples.Sample taken = ours.take(0);

        assertThat(taken.kilobytes()).isGreaterThan(10_000);
        assertThat(taken.files()).isPositive();
        assertThat(taken.threads()).isPositive();
        assertThat(ours.table(1)).contains(Long.toString(taken.kilobytes()));
    }

    private static Samples of(int seconds, LongUnaryOperator kilobytes) {
        Samples samples = new Samples(0);
        for (int second = 0; second < seconds; second++) {
            samples.add(new Samples.Sample(second, kilobytes.applyAsLong(second), 10, 5));
        }
        return samples;
    }
}
