package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.ledger.FileLedger;
import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a person, or the next release, wants of a deployment that is under way. */
class OrdersTest extends InAShop {

    private static final String ME = ProcessHandle.current().info().user().orElse("unknown");
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @Test
    void aPausedReleaseWaitsForAPersonAndItsBakeStandsStill() throws Exception {
        shop.deploy("v1");

        LiveRelease live = deploy("v2", paused(), TEN_MINUTES, strategy -> {
            assertThat(strategy.inspect(shop.context()))
                    .containsPattern("paused since .* by " + ME + ": promote it, or abort it");
            strategy.promote(shop.context());
        });

        assertThat(world.time().elapsed()).isGreaterThan(TEN_MINUTES);
        assertThat(live.measured().baked()).isBetween(Shop.BAKE, Shop.BAKE.plusMillis(100));
        assertThat(shop.lines)
                .containsSubsequence(
                        "v2 is paused by " + ME + ": it is watched, and goes on when somebody promotes it",
                        "v2 goes on: " + ME + " wants it");
        assertThat(world.served()).contains("v2");
    }

    @Test
    void aPausedReleaseThatFailsItsUsersIsRolledBackAllTheSame() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deploy(
                        "v2",
                        paused(),
                        Duration.ofMinutes(1),
                        strategy -> world.release("v2").fails(1.0)))
                .hasMessageStartingWith("rolled back: ");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void whoPromotesFullyMakesItStableBeforeItsBakeIsOver() throws Exception {
        shop.deploy("v1");

        LiveRelease live = deploy("v2", (boundary, strategy) -> {
            if (boundary.equals("after Switched")) {
                strategy.promoteFully(shop.context());
            }
        });

        assertThat(live.measured().baked()).isLessThan(Shop.BAKE);
        assertThat(shop.lines)
                .anyMatch(line -> line.startsWith("v2 is stable: " + ME + " promoted it after 0 ms of 2 s"));
        assertThat(world.served()).contains("v2");
    }

    @Test
    void whoAbortsABakeBringsUsersBack() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deploy("v2", (boundary, strategy) -> {
                    if (boundary.equals("after Switched")) {
                        assertThat(abort(strategy)).isEqualTo("v2 is told to end; the status shows when it does");
                    }
                }))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageStartingWith("rolled back: it was aborted by " + ME + "; traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
        assertThat(world.host().releases()).containsExactly("v1");
    }

    @Test
    void whoAbortsBeforeTheSwitchKeepsUsersWhereTheyAre() throws Exception {
        shop.deploy("v1");

        assertThatThrownBy(() -> deploy("v2", (boundary, strategy) -> {
                    if (boundary.equals("after Created")) {
                        abort(strategy);
                    }
                }))
                .hasMessage(
                        "v2 was refused before it got traffic: it was aborted by " + ME + "; traffic is on blue (v1)");

        assertThat(shop.switches()).containsExactly("shop-1");
    }

    @Test
    void whatADeadProcessLeftOpenIsAbortedByWhoeverSaysSo() throws Exception {
        shop.deploy("v1");
        assertThatThrownBy(() -> deploy("v2", (boundary, strategy) -> {
                    if (boundary.equals("after Switched")) {
                        throw new Story.Death(boundary);
                    }
                }))
                .isInstanceOf(Story.Death.class);

        assertThat(shop.blueGreen().abort(shop.context()))
                .startsWith("v2 was left open and is undone; traffic back on");

        assertThat(world.served()).contains("v1");
    }

    @Test
    void whatIsNotUnderWayTakesNoOrder() throws Exception {
        shop.deploy("v1");
        String sentence = "no deployment of \"shop\" is under way that is not proven; nothing was changed";

        assertThatThrownBy(() -> shop.blueGreen().pause(shop.context())).hasMessage(sentence);
        assertThatThrownBy(() -> shop.blueGreen().promote(shop.context())).hasMessage(sentence);
        assertThatThrownBy(() -> shop.blueGreen().promoteFully(shop.context())).hasMessage(sentence);
        assertThatThrownBy(() -> shop.blueGreen().abort(shop.context())).hasMessage(sentence);
    }

    @Test
    void anOrderForADeploymentThatIsOverIsThrownAway() throws Exception {
        Path file = home.resolve("deployments/shop/order");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "ABORT\nshop-9\nsomebody\n");

        shop.deploy("v1");
        Files.writeString(file, "no order at all");
        shop.deploy("v2");

        assertThat(world.served()).contains("v2");
        assertThat(file).doesNotExist();
    }

    @Test
    void whatWasRolledBackIsTriedAgain() throws Exception {
        shop.deploy("v1");
        world.release("v2").isSick();
        assertThatThrownBy(() -> shop.deploy("v2")).isInstanceOf(DeploymentFailedException.class);
        world.release("v2").isWell();

        LiveRelease live = shop.blueGreen().retry(shop.context());

        assertThat(live.release().version()).isEqualTo("v2");
        assertThat(world.served()).contains("v2");
        assertThatThrownBy(() -> shop.blueGreen().retry(shop.context()))
                .hasMessage("there is no deployment of \"shop\" to try again: v2 is stable; nothing was changed");
    }

    @Test
    void aNewerReleaseSupersedesTheOneThatBakesAndStartsAgainFromStable() throws Exception {
        shop.blueGreen().deploy("v1", shop.context("aaaaaaa", Instant.parse("2026-11-22T12:00:00Z")));
        CountDownLatch baking = new CountDownLatch(1);
        CompletableFuture<LiveRelease> older = CompletableFuture.supplyAsync(() -> {
            try {
                return shop.blueGreen()
                        .bake(Duration.ofDays(30))
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Switched")) {
                                baking.countDown();
                            }
                        })
                        .deploy("v2", paced("bbbbbbb", Instant.parse("2026-11-22T13:00:00Z")));
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        assertThat(baking.await(30, TimeUnit.SECONDS)).isTrue();

        LiveRelease newer = shop.blueGreen().deploy("v3", paced("ccccccc", Instant.parse("2026-11-22T14:00:00Z")));

        assertThat(newer.release().version()).isEqualTo("ccccccc");
        assertThat(older)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withMessageContaining(
                        "rolled back: SUPERSEDED by ccccccc, committed at 2026-11-22T14:00:00Z; traffic back on"
                                + " blue (aaaaaaa)");
        assertThat(shop.switches()).containsExactly("shop-1", "shop-2", "shop-1", "shop-3");
        assertThat(world.served()).contains("v3");
    }

    @Test
    void anOlderReleaseSupersedesNobodyAndIsToldWhoIsAtWork() throws Exception {
        shop.blueGreen().deploy("v1", shop.context("aaaaaaa", Instant.parse("2026-11-22T12:00:00Z")));

        deploy("v2", (boundary, strategy) -> {
            if (boundary.equals("after Switched")) {
                assertThatThrownBy(() ->
                                strategy.deploy("v0", shop.context("0000000", Instant.parse("2026-11-22T11:00:00Z"))))
                        .isInstanceOf(LedgerHeldException.class)
                        .hasMessageContaining("somebody else is at work on \"shop\": process ")
                        .hasMessageContaining("switching to shop-2");
            }
        });

        assertThat(world.served()).contains("v2");
    }

    @Test
    void whoWaitsForTheLockGetsItWhenItIsFree() throws Exception {
        shop.deploy("v1");
        Lease[] lease = {
            FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                    .acquire("looking around")
        };
        BlueGreen<String> patient = shop.blueGreen().waitForLock(Duration.ofMinutes(1));
        DeploymentContext context = shop.context();
        DeploymentContext freeing = new DeploymentContext(
                home, context.artifacts(), context.time(), "run-2", Optional.empty(), Optional.empty(), line -> {
                    shop.lines.add(line);
                    if (line.startsWith("waiting: ")) {
                        lease[0].close();
                    }
                });

        patient.deploy("v2", freeing);

        assertThat(world.served()).contains("v2");
        assertThat(shop.lines).anyMatch(line -> line.startsWith("waiting: somebody else is at work on \"shop\""));
    }

    @Test
    void whoWaitsLongEnoughForTheLockIsToldWhoHasIt() throws Exception {
        shop.deploy("v1");
        Duration before = world.time().elapsed();
        try (Lease lease = FileLedger.in(home.resolve("deployments/shop"), "shop", world.time())
                .acquire("looking around")) {
            assertThatThrownBy(() ->
                            shop.blueGreen().waitForLock(Duration.ofMinutes(1)).deploy("v2", shop.context()))
                    .isInstanceOf(LedgerHeldException.class)
                    .hasMessageContaining("looking around");
        }

        assertThat(world.time().elapsed().minus(before)).isEqualTo(Duration.ofMinutes(1));
    }

    private BiConsumer<String, BlueGreen<String>> paused() {
        return (boundary, strategy) -> {
            if (boundary.equals("after Switched")) {
                strategy.pause(shop.context());
            }
        };
    }

    private LiveRelease deploy(String artifact, BiConsumer<String, BlueGreen<String>> at) throws InterruptedException {
        return deploy(artifact, at, Duration.ofDays(1), strategy -> {});
    }

    /** @param then what somebody does so long after it was begun */
    private LiveRelease deploy(
            String artifact, BiConsumer<String, BlueGreen<String>> at, Duration after, Consumer<BlueGreen<String>> then)
            throws InterruptedException {
        BlueGreen<String> strategy = shop.blueGreen();
        long due = world.time().nanos() + after.toNanos();
        boolean[] done = {false};
        Clock clock = new Clock(() -> {
            if (!done[0] && world.time().nanos() >= due) {
                done[0] = true;
                then.accept(strategy);
            }
        });
        return strategy.dyingAt(boundary -> at.accept(boundary, strategy)).deploy(artifact, context(clock));
    }

    private String abort(BlueGreen<String> strategy) {
        try {
            return strategy.abort(shop.context());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private DeploymentContext context(TimeSource time) {
        DeploymentContext plain = shop.context();
        return new DeploymentContext(
                home, plain.artifacts(), time, "run-1", Optional.empty(), Optional.empty(), plain.progress());
    }

    /** For two that are at work at once: what is waited in the shop takes a little real time, so that both come to something. */
    private DeploymentContext paced(String commit, Instant committedAt) {
        DeploymentContext plain = shop.context(commit, committedAt);
        TimeSource time = new Clock(() -> LockSupport.parkNanos(5_000_000));
        return new DeploymentContext(
                home, plain.artifacts(), time, "run-1", plain.commit(), plain.committedAt(), line -> {});
    }

    /** The shop's time, and what happens while somebody waits. */
    private final class Clock implements TimeSource {

        private final Runnable meanwhile;

        Clock(Runnable meanwhile) {
            this.meanwhile = meanwhile;
        }

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
            meanwhile.run();
            world.time().sleep(duration);
        }
    }
}
