package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {

    private final TimeSource time = TimeSource.system();

    @Test
    void countsWhoIsInside() {
        Gate gate = new Gate();
        Gate.Claim first = (from, wasCut) -> {};
        Gate.Claim second = (from, wasCut) -> wasCut.run();

        assertThat(gate.enter(first)).isTrue();
        assertThat(gate.enter(second)).isTrue();
        gate.leave(first);

        assertThat(gate.inFlight()).isEqualTo(1);
    }

    @Test
    void closedGateLetsNobodyInAndKeepsItsCount() {
        Gate gate = new Gate();
        gate.enter((from, wasCut) -> {});

        gate.close();
        gate.close();

        assertThat(gate.enter((from, wasCut) -> wasCut.run())).isFalse();
        assertThat(gate.closed()).isTrue();
        assertThat(gate.inFlight()).isEqualTo(1);
    }

    @Test
    void waitingEndsWhenTheLastOneLeaves() throws Exception {
        Gate gate = new Gate();
        Gate.Claim claim = (from, wasCut) -> {};
        gate.enter(claim);
        gate.close();
        Thread leaver = new Thread(() -> gate.leave(claim));

        leaver.start();
        gate.awaitEmpty(time.nanos() + TimeUnit.SECONDS.toNanos(30), time);

        assertThat(gate.inFlight()).isZero();
        leaver.join();
    }

    @Test
    void waitingEndsAtTheDeadline() throws Exception {
        Gate gate = new Gate();
        gate.enter((from, wasCut) -> {});
        gate.close();
        long until = time.nanos() + TimeUnit.MILLISECONDS.toNanos(30);

        gate.awaitEmpty(until, time);

        assertThat(time.nanos() - until).isNotNegative();
        assertThat(gate.inFlight()).isEqualTo(1);
    }

    @Test
    void cutReachesEverybodyInside() {
        Gate gate = new Gate();
        gate.enter((from, wasCut) -> wasCut.run());
        gate.enter((from, wasCut) -> {
            wasCut.run();
        });
        gate.close();

        gate.cutAll();

        assertThat(gate.cutRequests()).isEqualTo(2);
    }

    /** The promise the drain stands on: once closed, the count only falls, and everybody who got in is in it. */
    @Test
    void nobodySlipsInBetweenTheCloseAndTheCount() throws Exception {
        for (int round = 0; round < 200; round++) {
            Gate gate = new Gate();
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong entered = new AtomicLong();
            CountDownLatch running = new CountDownLatch(3);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread thread = new Thread(() -> {
                    running.countDown();
                    while (!stop.get() && gate.enter((from, wasCut) -> {})) {
                        entered.incrementAndGet();
                    }
                });
                threads.add(thread);
                thread.start();
            }
            running.await();

            gate.close();
            long seen = gate.inFlight();
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(gate.inFlight()).isEqualTo(seen).isEqualTo(entered.get());
        }
    }
}
