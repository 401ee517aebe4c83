package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.judge.MetricSource;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.bluegreen.testkit.VirtualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LookoutTest {

    private static final Subject SUBJECT = new Subject("shop-2", "v2", "shop-1");

    private final VirtualClock time = new VirtualClock();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final MetricSource counting = MetricSource.of("counting", asked::incrementAndGet);

    @Test
    void theFirstQuestionIsAskedAfterFifteenSecondsAndThenEveryFifteen() throws Exception {
        try (Lookout lookout = lookout(counting)) {
            looksFor(lookout, 14);
            assertThat(lookout.look().of(counting)).isEmpty();

            looksFor(lookout, 32);
            assertThat(lookout.look().of(counting))
                    .containsExactly(new Reading.Value(1), new Reading.Value(2), new Reading.Value(3));
        }
    }

    @Test
    void whenTheBakeIsOverItIsAskedOnceMore() throws Exception {
        try (Lookout lookout = lookout(counting)) {
            looksFor(lookout, 16);

            completes(lookout);

            assertThat(lookout.look().of(counting)).containsExactly(new Reading.Value(1), new Reading.Value(2));
        }
    }

    @Test
    void oneThatHangsIsGivenUpInterruptedAndUnknown() throws Exception {
        MetricSource hanging = hanging();
        try (Lookout lookout = lookout(hanging)) {
            looksFor(lookout, 26);

            assertThat(lookout.look().of(hanging)).containsExactly(new Reading.Unknown("did not answer within 10 s"));
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void oneThatHangsKeepsNeitherTheOthersNorTheEndWaiting() throws Exception {
        MetricSource hanging = hanging();
        try (Lookout lookout = lookout(hanging, counting)) {
            long began = time.nanos();

            completes(lookout);

            assertThat(Duration.ofNanos(time.nanos() - began))
                    .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
            assertThat(lookout.look().last(hanging)).contains(new Reading.Unknown("did not answer within 10 s"));
            assertThat(lookout.look().last(counting)).contains(new Reading.Value(1));
        }
    }

    @Test
    void oneThatIsUnknownAtTheEndIsAskedAgainUntilItKnows() throws Exception {
        MetricSource stumbling = MetricSource.of("stumbling", () -> asked.incrementAndGet() < 3 ? Double.NaN : 0.25);
        try (Lookout lookout = lookout(stumbling)) {
            completes(lookout);

            assertThat(lookout.look().last(stumbling)).contains(new Reading.Value(0.25));
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void oneThatStaysUnknownIsUnknownThoughItOnceKnew() throws Exception {
        MetricSource gone = MetricSource.of("gone", () -> asked.incrementAndGet() == 1 ? 0.25 : Double.NaN);
        try (Lookout lookout = lookout(gone)) {
            looksFor(lookout, 16);

            completes(lookout);

            assertThat(lookout.look().last(gone)).contains(new Reading.Unknown("answered NaN"));
        }
    }

    @Test
    void oneThatThrowsIsUnknown() throws Exception {
        MetricSource rude = new MetricSource() {
            @Override
            public String description() {
                return "rude";
            }

            @Override
            public Reading read(Subject subject) {
                throw new IllegalStateException("not today");
            }
        };
        try (Lookout lookout = lookout(rude)) {
            looksFor(lookout, 16);

            assertThat(lookout.look().last(rude))
                    .contains(new Reading.Unknown("broke: java.lang.IllegalStateException: not today"));
        }
    }

    @Test
    void closingEndsAQuestionThatIsOpen() throws Exception {
        try (Lookout lookout = lookout(hanging())) {
            looksFor(lookout, 16);
        }

        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private Lookout lookout(MetricSource... sources) {
        return new Lookout(time, List.of(sources), SUBJECT);
    }

    private void looksFor(Lookout lookout, int seconds) throws InterruptedException {
        for (int look = 0; look < seconds * 20; look++) {
            lookout.look();
            time.pass(Duration.ofMillis(50));
        }
    }

    private void completes(Lookout lookout) throws InterruptedException {
        while (!lookout.isComplete()) {
            time.pass(Duration.ofMillis(50));
        }
    }

    /** Until it is interrupted. */
    private MetricSource hanging() {
        return MetricSource.of("hanging", () -> {
            try {
                new CountDownLatch(1).await();
                return 0;
            } finally {
                ended.countDown();
            }
        });
    }
}
