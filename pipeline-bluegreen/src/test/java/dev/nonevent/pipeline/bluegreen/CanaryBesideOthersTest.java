package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A canary, and somebody else who comes while it is in a step. */
@Timeout(60)
class CanaryBesideOthersTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir(factory = InMemory.class)
    Path home;

    private final FakeWorld world = new FakeWorld();

    @Test
    void aNewerReleaseMakesACanaryInAStepGiveWayAndBeginsWithItsOwnFirstStep() throws Exception {
        canary().deploy("v1", context("aaaaaaa", NOON));
        CountDownLatch split = new CountDownLatch(1);
        CompletableFuture<LiveRelease> older = CompletableFuture.supplyAsync(() -> {
            try {
                return patient(split).deploy("v2", context("bbbbbbb", NOON.plusSeconds(3_600)));
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        assertThat(split.await(30, TimeUnit.SECONDS)).isTrue();

        LiveRelease newer = canary().deploy("v3", context("ccccccc", NOON.plusSeconds(7_200)));

        assertThat(newer.release().version()).isEqualTo("ccccccc");
        assertThat(older)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("rolled back: SUPERSEDED by ccccccc, committed at 2026-11-22T14:00:00Z; traffic"
                        + " back on blue (aaaaaaa)");
        assertThat(parts())
                .containsExactly(
                        "shop-1",
                        "shop-1 10 shop-2",
                        "shop-1",
                        "shop-1 5 shop-3",
                        "shop-1 25 shop-3",
                        "shop-1 50 shop-3",
                        "shop-3");
        assertThat(world.violations()).isEmpty();
    }

    @Test
    void anOlderReleaseMakesNoCanaryGiveWay() throws Exception {
        canary().deploy("v1", context("aaaaaaa", NOON));
        int[] refused = {0};

        canary().dyingAt(boundary -> {
                    if (boundary.equals("after Shifted")) {
                        assertThatThrownBy(() -> canary().deploy("v0", context("0000000", NOON.minusSeconds(60))))
                                .isInstanceOf(LedgerHeldException.class)
                                .hasMessageContaining("giving shop-2 ");
                        refused[0]++;
                    }
                })
                .deploy("v2", context("bbbbbbb", NOON.plusSeconds(60)));

        assertThat(refused[0]).as("in each step").isEqualTo(3);
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aCanaryWaitsForTheLock() throws Exception {
        canary().deploy("v1", context("aaaaaaa", NOON));
        Lease lease = FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .acquire("looking around");

        canary().waitForLock(Duration.ofMinutes(1)).deploy("v2", context("bbbbbbb", NOON.plusSeconds(60), line -> {
            if (line.startsWith("waiting: ")) {
                lease.close();
            }
        }));

        assertThat(world.served()).contains("v2");
    }

    private Canary<String> canary() {
        return Shop.canaryIn(world);
    }

    private Canary<String> patient(CountDownLatch split) {
        return Canary.canary("shop")
                .on(world.host())
                .traffic(world.switcher())
                .health(world.health())
                .stepUntilPromoted(10)
                .judge(Judge.errorRate().atMost(0.01))
                .dyingAt(boundary -> {
                    if (boundary.equals("after Shifted")) {
                        split.countDown();
                    }
                });
    }

    /** {@code shop-1 5 shop-2} for each change of who has users. */
    private List<String> parts() {
        List<String> all = world.switcher().routings().stream()
                .map(CanaryBesideOthersTest::part)
                .toList();
        return IntStream.range(0, all.size())
                .filter(place -> place == 0 || !all.get(place).equals(all.get(place - 1)))
                .mapToObj(all::get)
                .toList();
    }

    private static String part(Routing routing) {
        return routing.active().orElseThrow().deployment()
                + routing.canary()
                        .map(part -> " " + part.percent() + " " + part.target().deployment())
                        .orElse("");
    }

    private DeploymentContext context(String commit, Instant committedAt) {
        return context(commit, committedAt, line -> {});
    }

    private DeploymentContext context(String commit, Instant committedAt, Consumer<String> progress) {
        return new DeploymentContext(
                home,
                world.context(home).artifacts(),
                new Paced(),
                "run-1",
                Optional.of(commit),
                Optional.of(committedAt),
                progress);
    }

    /** The world's time, and a little real time for all that is waited, so that two at work both come to something. */
    private final class Paced implements TimeSource {

        @Override
        public Instant now() {
            return world.time().now();
        }

        @Override
        public long nanos() {
            return world.time().nanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            LockSupport.parkNanos(2_000_000);
            world.time().sleep(duration);
        }
    }
}
