package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.load.Crowd;
import dev.nonevent.pipeline.bluegreen.router.load.Instances;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Switches under fire: users who never repeat anything see no failure, nobody who began to ask after a switch had returned
 * sees the old side, and no POST is lost or doubled.
 *
 * <p>A bounded part runs in every build. The profile {@code proofs} runs all of it: 1,000 switches, 1,000,000 requests, for
 * each form of the router.
 */
@Timeout(1800)
@Tag("long")
class HitlessSwitchTest {

    private static final int KEPT_CONNECTIONS = 32;
    private static final int CONNECTIONS_FOR_ONE_REQUEST = 8;
    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final int SWITCHES = WHOLE ? 1_000 : 60;
    private static final int REQUESTS = WHOLE ? 1_000_000 : 15_000;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final double NANOS_OF_A_MILLI = 1e6;

    @TempDir
    Path home;

    @Test
    void routerInThisJvmLosesNothingAndDoublesNothing() throws Exception {
        prove(Router.inThisJvm(0));
    }

    @Test
    void routerAsAProcessLosesNothingAndDoublesNothing() throws Exception {
        prove(Router.router(0));
    }

    private void prove(TrafficSwitcher switcher) throws Exception {
        long[] late = new long[SWITCHES];
        int ids;
        Instances instances = new Instances();
        Traffic traffic = switcher.open("shop", home);
        try (instances;
                Crowd crowd = new Crowd(traffic.address())) {
            traffic.switchTo(instances.next(), 1);
            crowd.add(KEPT_CONNECTIONS, true)
                    .add(CONNECTIONS_FOR_ONE_REQUEST, false)
                    .start();

            for (int n = 0; n < SWITCHES && crowd.failures().isEmpty(); n++) {
                crowd.awaitAnswers((long) REQUESTS / (SWITCHES + 1) * (n + 1));
                late[n] = switchFrom(n, traffic, instances, crowd);
            }
            crowd.awaitAnswers(REQUESTS);
            ids = crowd.stop();

            assertThat(crowd.failures()).isEmpty();
            assertThat(crowd.answers()).isEqualTo(ids).isGreaterThanOrEqualTo(REQUESTS);
            assertThat(instances.received()).isEqualTo(ids);
            assertThat(countsOf(traffic, SWITCHES).requests()).isEqualTo(instances.received(SWITCHES));
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
        assertThat(instances.troubles()).isEmpty();
        assertThat(instances.notOnce(ids)).isEmpty();
        tell(switcher.description(), ids, late);
    }

    /**
     * Switches to the next instance, and takes the old one away once it is drained.
     *
     * @return how long after the return of the switch the old one received its last request, in nanoseconds; zero if it
     *     received none after it. Such a request was claimed before the switch, and is on its way
     */
    private static long switchFrom(int n, Traffic traffic, Instances instances, Crowd crowd) throws Exception {
        traffic.switchTo(instances.next(), n + 2);
        long returned = System.nanoTime();
        crowd.switched(n + 1);

        Drained drained = traffic.drain(Instances.deployment(n), DEADLINE);

        assertThat(drained.cut()).isZero();
        Counts counts = countsOf(traffic, n);
        assertThat(counts.requests()).isEqualTo(instances.received(n));
        assertThat(counts.failed()).isZero();
        assertThat(counts.inFlight()).isZero();
        long last = instances.lastReceivedAt(n);
        instances.remove(n);
        return last == Long.MIN_VALUE ? 0 : Math.max(0, last - returned);
    }

    private static Counts countsOf(Traffic traffic, int instance) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(Instances.deployment(instance)))
                .findFirst()
                .orElseThrow();
    }

    /** What was measured depends on the machine, so it is told and not judged. */
    private static void tell(String router, int requests, long[] late) {
        Arrays.sort(late);
        System.out.printf(
                "%s: %d switches, %d requests, 0 failed, 0 lost, 0 doubled, 0 sent after a switch had returned reached the"
                        + " old side; last arrival at the old side of one claimed before: in %d of %d switches before the"
                        + " return, median %.3f ms, 99 %% %.3f ms, worst %.3f ms after it%n",
                router,
                late.length,
                requests,
                Arrays.stream(late).filter(nanos -> nanos == 0).count(),
                late.length,
                late[late.length / 2] / NANOS_OF_A_MILLI,
                late[late.length * 99 / 100] / NANOS_OF_A_MILLI,
                late[late.length - 1] / NANOS_OF_A_MILLI);
    }
}
