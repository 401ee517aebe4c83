package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.load.Crowd;
import dev.nonevent.pipeline.bluegreen.router.load.Instances;
import dev.nonevent.pipeline.bluegreen.router.load.Nuisances;
import dev.nonevent.pipeline.bluegreen.router.load.Samples;
import dev.nonevent.pipeline.bluegreen.router.load.Samples.Sample;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The router as a process, under everything at once: idle connections, usual ones, slow and rude users, and a switch every
 * second. Nobody who behaves sees a failure, and what the process holds does not grow.
 *
 * <p>A bounded part runs in every build; it is too short to judge memory. The profile {@code soak} runs all of it.
 */
@Timeout(1800)
@Tag("long")
class SoakTest {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final int SECONDS = WHOLE ? 600 : 12;
    private static final int SETTLED_AFTER = WHOLE ? 120 : 4;
    private static final int IDLE = WHOLE ? 10_000 : 1_000;
    /** Below the time after which the router gives an idle client up. */
    private static final Duration BETWEEN_ASKING = Duration.ofSeconds(WHOLE ? 45 : 4);

    private static final Duration ARRIVAL = Duration.ofSeconds(WHOLE ? 20 : 2);
    private static final int FILES_BESIDE = 200;
    private static final int FILES_TO_SPARE = 8;
    private static final int SLOW = 8;
    private static final int KEPT_BEHIND = 4;
    private static final double MOST_KILOBYTES_PER_MINUTE = 1024;
    private static final double MOST_GROWTH = 1.1;

    @TempDir
    Path home;

    private final CountDownLatch never = new CountDownLatch(1);
    private Traffic traffic;
    private Samples samples;
    private int current;

    @Test
    void whatTheRouterHoldsDoesNotGrow() throws Exception {
        requireFiles(IDLE + FILES_BESIDE);
        traffic = Router.router(0).open("shop", home);
        samples = new Samples(
                ProcessTree.withMarker(DaemonProcess.marker(home)).get(0).pid());
        try (Instances instances = new Instances()) {
            traffic.switchTo(instances.next(), 1);
            long files = samples.take(0).files();

            Sample alone;
            Sample crowded;
            try (Crowd usual = new Crowd(traffic.address());
                    Crowd idle = new Crowd(traffic.address());
                    Nuisances nuisances = new Nuisances(traffic.address(), SLOW)) {
                usual.add(32, true, Duration.ofMillis(30), Duration.ofSeconds(1));
                usual.add(8, false, Duration.ofMillis(100), Duration.ofSeconds(1));
                idle.add(IDLE, true, BETWEEN_ASKING, ARRIVAL);
                usual.start();
                nuisances.start();
                alone = soak(2, SETTLED_AFTER / 2, instances, usual, idle);
                idle.start();
                crowded = soak(SETTLED_AFTER / 2, SETTLED_AFTER, instances, usual, idle);
                soak(SETTLED_AFTER, SECONDS, instances, usual, idle);
                assertThat(idle.connected()).isEqualTo(IDLE);
                usual.stop();
                idle.stop();
                tell(usual, idle, nuisances, alone, crowded);
                assertThat(usual.failures()).isEmpty();
                assertThat(idle.failures()).isEmpty();
                assertThat(nuisances.disturbed()).isZero();
                assertThat(nuisances.finished()).isPositive();
            }

            judge(samples.since(SETTLED_AFTER));
            awaitFiles(files + FILES_TO_SPARE);
            assertThat(instances.troubles()).isEmpty();
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    /** The last sample of this time. */
    private Sample soak(int from, int until, Instances instances, Crowd... crowds) throws Exception {
        Sample last = samples.take(from);
        for (int second = from + 1; second <= until; second++) {
            traffic.switchTo(instances.next(), ++current + 1);
            for (Crowd crowd : crowds) {
                crowd.switched(current);
            }
            // by then the slowest has come to its end
            int old = current - KEPT_BEHIND;
            if (old >= 0) {
                assertThat(traffic.drain(Instances.deployment(old), Duration.ofSeconds(5))
                                .cut())
                        .isZero();
                instances.remove(old);
            }
            pause(Duration.ofSeconds(1));
            last = samples.take(second);
        }
        return last;
    }

    private void judge(Samples settled) {
        double slope = settled.slopePerMinute(Sample::kilobytes);
        double growth = settled.lastThirdToSecond(Sample::kilobytes);
        System.out.printf(
                "After second %d: resident memory grows by %.0f kB a minute in the second half, files by %.2f, threads by"
                        + " %.2f; the last third's median is %.3f of the second's%n",
                SETTLED_AFTER,
                slope,
                settled.slopePerMinute(Sample::files),
                settled.slopePerMinute(Sample::threads),
                growth);
        if (WHOLE) {
            assertThat(slope).isLessThan(MOST_KILOBYTES_PER_MINUTE);
            assertThat(growth).isLessThanOrEqualTo(MOST_GROWTH);
        }
    }

    private void tell(Crowd usual, Crowd idle, Nuisances nuisances, Sample alone, Sample crowded) {
        System.out.print(samples.table(WHOLE ? 15 : 2));
        System.out.printf(
                "%d switches, %d answers on usual connections, %d on %d idle ones, %d slow requests finished, %d resets;"
                        + " resident memory for each idle connection, a heap that had to grow included: %d bytes%n",
                current,
                usual.answers(),
                idle.answers(),
                IDLE,
                nuisances.finished(),
                nuisances.resets(),
                (crowded.kilobytes() - alone.kilobytes()) * 1024 / IDLE);
    }

    private static void requireFiles(long wanted) {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assertThat(system.getMaxFileDescriptorCount())
                .as("open files that this JVM may have, and the router's as well: ulimit -n %d", wanted)
                .isGreaterThanOrEqualTo(wanted);
    }

    /** Connections end a moment after their clients have gone, those that wait in the pool after some seconds. */
    private void awaitFiles(long atMost) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        long files = samples.take(SECONDS + 1).files();
        while (files > atMost && System.nanoTime() < until) {
            pause(Duration.ofMillis(100));
            files = samples.take(SECONDS + 1).files();
        }
        assertThat(files).as("open files after all clients have gone").isLessThanOrEqualTo(atMost);
    }

    private void pause(Duration time) throws InterruptedException {
        assertThat(never.await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    }
}
