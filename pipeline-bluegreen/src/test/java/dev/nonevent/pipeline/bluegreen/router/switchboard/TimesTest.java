package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimesTest {

    private final Times times = new Times();

    @Test
    void nothingMeasuredIsNone() {
        assertThat(times.latencies().counts()).isEmpty();
    }

    @Test
    void fiftyMillisecondsAreInTheBucketThatEndsLittleAbove() {
        times.record(TimeUnit.MILLISECONDS.toNanos(50));

        long bound = times.latencies().counts().firstKey();

        assertThat(bound).isBetween(50_000L, 53_125L);
    }

    @Test
    void aBoundIsNeverBelowWhatWasMeasuredNorMuchAbove() {
        for (long micros = 1; micros < Times.LONGEST; micros = micros * 5 / 4 + 1) {
            Times one = new Times();
            one.record(TimeUnit.MICROSECONDS.toNanos(micros));

            assertThat(one.latencies().counts().firstKey()).isBetween(micros, micros + micros / 16 + 1);
        }
    }

    @Test
    void lessThanAMicrosecondAndMoreThanAnHourAreCountedAtTheEnds() {
        times.record(0);
        times.record(-5);
        times.record(TimeUnit.DAYS.toNanos(2));

        Latencies told = times.latencies();

        assertThat(told.total()).isEqualTo(3);
        assertThat(told.counts()).containsEntry(1L, 2L);
        assertThat(told.counts().lastKey()).isGreaterThanOrEqualTo(Times.LONGEST);
    }

    @Test
    void quantilesAreThoseOfWhatWasMeasured() {
        for (int i = 1; i <= 100; i++) {
            times.record(TimeUnit.MILLISECONDS.toNanos(i));
        }

        Latencies told = times.latencies();

        assertThat(told.quantile(0.5).orElseThrow()).isBetween(Duration.ofMillis(50), Duration.ofMillis(54));
        assertThat(told.quantile(0.99).orElseThrow()).isBetween(Duration.ofMillis(99), Duration.ofMillis(106));
        assertThat(told.quantile(1).orElseThrow()).isBetween(Duration.ofMillis(100), Duration.ofMillis(107));
    }

    @Test
    void severalThreadsLoseNothing() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int seed = i;
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 50_000; n++) {
                    times.record((long) n * 1_000 * (seed + 1));
                }
            });
            threads.add(thread);
            thread.start();
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            assertThat(times.latencies().total()).isLessThanOrEqualTo(200_000);
        }

        assertThat(times.latencies().total()).isEqualTo(200_000);
    }

    @Test
    void sixteenFullDeploymentsFitIntoAnAnswerOfTheDaemon() {
        for (long micros = 1; micros < Times.LONGEST; micros += Math.max(1, micros / 40)) {
            times.record(TimeUnit.MICROSECONDS.toNanos(micros));
        }

        int buckets = times.latencies().counts().size();

        int longest = "\"3623878655\":999999999999,".length();
        assertThat(buckets).isBetween(300, 460);
        assertThat(16 * buckets * longest).isLessThan(200 * 1024);
    }
}
