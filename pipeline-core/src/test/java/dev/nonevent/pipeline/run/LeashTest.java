package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeashTest {

    private static final Stop LATE = new Stop.TimedOut(Duration.ofMinutes(90));

    @Test
    void aPullBeforeTheCodeBeginsIsNotLost() {
        Leash leash = new Leash();
        leash.pull(LATE);

        assertThatThrownBy(() -> leash.call(() -> new CountDownLatch(1).await(10, TimeUnit.SECONDS)))
                .isInstanceOf(InterruptedException.class);
        assertThat(leash.end()).isEqualTo(LATE);
    }

    @Test
    void theFlagTheThreadCameWithIsNotTheCodesAndIsGivenBack() throws Exception {
        Thread.currentThread().interrupt();

        boolean seen = new Leash().call(() -> Thread.currentThread().isInterrupted());

        assertThat(seen).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void exactlyOneOfEndAndPullWinsAndNoInterruptComesAfter() throws Exception {
        AtomicInteger pulled = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger stray = new AtomicInteger();
        Leash[] leash = {new Leash()};
        CyclicBarrier together = new CyclicBarrier(2);
        int rounds = 10_000;
        Thread puller = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                meet(together);
                if (leash[0].pull(LATE)) {
                    pulled.incrementAndGet();
                }
                meet(together);
            }
        });
        puller.start();

        for (int i = 0; i < rounds; i++) {
            leash[0] = new Leash();
            meet(together);
            leash[0].call(() -> 1);
            if (leash[0].end() instanceof Stop.TooLate) {
                ended.incrementAndGet();
            }
            meet(together);
            if (Thread.interrupted()) {
                stray.incrementAndGet();
            }
        }
        puller.join();

        assertThat(pulled.get() + ended.get()).isEqualTo(rounds);
        assertThat(stray).hasValue(0);
    }

    @Test
    void aLimitIsSaidAsPeopleWriteIt() {
        assertThat(new Stop.TimedOut(Duration.ofMinutes(10)).sentence()).isEqualTo("timed out after 10m");
        assertThat(new Stop.TimedOut(Duration.ofMinutes(90)).sentence()).isEqualTo("timed out after 1h30m");
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
