package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.testkit.CrashMatrix;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Work that comes by no router goes from one release to the next. */
@Tag("long")
class WorkersTest extends InAShop {

    private BlueGreen<String> signalled() {
        return shop.blueGreen().signal(world.signal());
    }

    private LiveRelease deploy(String artifact) throws InterruptedException {
        return signalled().deploy(artifact, shop.context());
    }

    @AfterEach
    void whoServesTakesTheWork() {
        if (world.switcher().isOpen() && !world.told().isEmpty()) {
            assertThat(world.workers()).containsExactly(world.served().orElseThrow());
        }
    }

    @Test
    void theFirstReleaseStandsByUntilUsersHaveIt() throws Exception {
        deploy("v1");

        assertThat(world.told()).containsExactly("v1 STANDBY", "v1 ACTIVE");
    }

    @Test
    void theOldWorkersTakeNothingMoreBeforeTheNewOnesBegin() throws Exception {
        deploy("v1");

        deploy("v2");

        assertThat(world.told().subList(2, world.told().size()))
                .containsExactly("v1 ACTIVE", "v2 STANDBY", "v1 DRAINING", "v2 ACTIVE", "v1 STANDBY");
    }

    @Test
    void aReleaseThatIsNotKeptIsToldThatItIsStopped() throws Exception {
        deploy("v1");

        signalled().keepOld(Duration.ZERO).deploy("v2", shop.context());

        assertThat(world.told()).endsWith("v1 DRAINING", "v2 ACTIVE", "v1 STOPPED");
    }

    @Test
    void onTheWayBackTheBadWorkersTakeNothingMoreBeforeTheStableOnesBeginAgain() throws Exception {
        deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> deploy("v2")).isInstanceOf(DeploymentFailedException.class);

        assertThat(world.told()).endsWith("v2 ACTIVE", "v2 DRAINING", "v1 ACTIVE", "v2 STOPPED");
    }

    @Test
    void aReleaseWhoseWorkersCannotBeToldIsRefusedBeforeItGetsTraffic() throws Exception {
        deploy("v1");
        world.release("v2").isDeaf();

        assertThatThrownBy(() -> deploy("v2"))
                .isInstanceOf(DeploymentFailedException.class)
                .hasMessageContaining(
                        "v2 was refused before it got traffic: shop-2 could not be told that it is STANDBY: it"
                                + " does not listen");
        assertThat(shop.switches()).containsExactly("shop-1");
    }

    @Test
    void whileTheOldWorkersCannotBeToldNobodyElseBeginsAndItIsTriedAgainWhileBaking() throws Exception {
        deploy("v1");
        world.release("v1").isDeaf();

        signalled()
                .bake(Duration.ofSeconds(10))
                .afterSwitch("repair", facts -> {
                    while (shop.lines.stream()
                            .noneMatch(line -> line.contains("could not be told that it is DRAINING"))) {
                        Thread.onSpinWait();
                    }
                    assertThat(world.told()).doesNotContain("v2 ACTIVE");
                    world.release("v1").listens();
                })
                .deploy("v2", shop.context());

        assertThat(world.told()).containsSubsequence("v2 STANDBY", "v1 DRAINING", "v2 ACTIVE");
    }

    @Test
    void aReleaseWhoseWorkersNeverTookOverIsTakenBack() throws Exception {
        deploy("v1");
        world.release("v1").isDeaf();

        assertThatThrownBy(() -> deploy("v2"))
                .hasMessageStartingWith(
                        "rolled back: shop-1 could not be told that it is DRAINING: it does not listen; traffic back on"
                                + " blue (v1)");
        assertThat(world.served()).contains("v1");
        assertThat(world.told()).doesNotContain("v2 ACTIVE");
    }

    @Test
    void badWorkersThatCannotBeToldKeepNoUserFromTheStableReleaseWhichTakesTheWorkWhenTheyAreGone() throws Exception {
        deploy("v1");
        world.release("v2").fails(1.0);

        assertThatThrownBy(() -> signalled()
                        .onRollback("look", facts -> assertThat(world.workers()).containsExactly("v2"))
                        .afterSwitch("deafen", facts -> {
                            while (!world.told().contains("v2 ACTIVE")) {
                                Thread.onSpinWait();
                            }
                            world.release("v2").isDeaf();
                        })
                        .deploy("v2", shop.context()))
                .hasMessageContaining("traffic back on blue (v1)");

        assertThat(world.served()).contains("v1");
        assertThat(world.told()).endsWith("v2 ACTIVE", "v1 ACTIVE");
        assertThat(world.workers()).containsExactly("v1");
    }

    @Test
    void aWayBackByHandHandsTheWorkBack() throws Exception {
        deploy("v1");
        deploy("v2");

        signalled().rollBack(shop.context());

        assertThat(world.told()).endsWith("v1 STANDBY", "v2 DRAINING", "v1 ACTIVE", "v2 STOPPED");
    }

    @Test
    void ofACanaryTheStableWorkersGoOnUntilAllUsersHaveIt() throws Exception {
        Canary<String> canary = Shop.canaryIn(world).signal(world.signal());
        canary.deploy("v1", shop.context());

        canary.deploy("v2", shop.context());

        assertThat(world.told())
                .containsExactly(
                        "v1 STANDBY", "v1 ACTIVE", "v1 ACTIVE", "v2 STANDBY", "v1 DRAINING", "v2 ACTIVE", "v1 STANDBY");
    }

    @Test
    void afterADeathEveryWorkerIsToldAgainWhetherItIsItsTurn() throws Exception {
        deploy("v1");
        assertThatThrownBy(() -> signalled()
                        .dyingAt(boundary -> {
                            if (boundary.equals("after Switched")) {
                                throw new Story.Death(boundary);
                            }
                        })
                        .deploy("v2", shop.context()))
                .isInstanceOf(Story.Death.class);

        signalled().recover(shop.context());

        assertThat(world.told()).endsWith("v2 STANDBY", "v1 DRAINING", "v2 ACTIVE", "v1 STANDBY");
    }

    @Test
    void takenDownEverybodyIsToldThatHeIsStopped() throws Exception {
        deploy("v1");

        signalled().down(shop.context());

        assertThat(world.told()).endsWith("v1 STOPPED");
    }

    @Test
    void thePlanSaysHowWorkersAreToldAndRefusesWhatCannotBe() {
        assertThat(shop.blueGreen().signal(WorkerSignal.http("/worker")).worstCase())
                .contains("workers are told their turn by PUT /worker");
        assertThat(shop.blueGreen()
                        .signal(WorkerSignal.http("worker").within(Duration.ZERO))
                        .problems())
                .containsExactly(
                        "the path \"worker\" of a worker signal does not begin with /; say WorkerSignal.http(\"/worker\")",
                        "the worker signal by PUT worker has PT0S for a try; say a time above zero");
        assertThat(shop.blueGreen()
                        .signal(WorkerSignal.file(Duration.ofSeconds(-1)))
                        .problems())
                .containsExactly("a worker sees its file after PT-1S, which is no time; say how often it looks");
    }

    /** Killed wherever that makes a difference, with hooks and a signal: see {@link CrashMatrix} for what has to be true then. */
    @Test
    void killedAnywhereExactlyOneTakesTheWorkAndUsersAreOnIt() throws Exception {
        assertThat(CrashMatrix.of(
                                home,
                                it -> Shop.in(it)
                                        .signal(it.signal())
                                        .beforeStart("migrate", facts -> {})
                                        .beforeSwitch("warm", facts -> {})
                                        .afterSwitch("tell", facts -> {})
                                        .onRollback("keep", facts -> {})
                                        .onFailure("page", facts -> {}))
                        .after("v1")
                        .deploying("v2"))
                .hasSizeGreaterThan(25);
    }

    @Test
    void killedAnywhereOnTheWayBackExactlyOneTakesTheWorkAndUsersAreOnIt() throws Exception {
        assertThat(CrashMatrix.of(
                                home,
                                it -> Shop.in(it)
                                        .signal(it.signal())
                                        .afterSwitch("tell", facts -> {})
                                        .onRollback("keep", facts -> {})
                                        .onFailure("page", facts -> {}))
                        .after("v1")
                        .when(it -> it.release("v2").fails(1.0))
                        .deploying("v2"))
                .hasSizeGreaterThan(25);
    }

    @Test
    void killedAnywhereInACanaryExactlyOneTakesTheWorkAndUsersAreOnIt() throws Exception {
        assertThat(CrashMatrix.of(
                                home,
                                it -> Shop.canaryIn(it)
                                        .signal(it.signal())
                                        .beforeSwitch("warm", facts -> {})
                                        .afterSwitch("tell", facts -> {}))
                        .after("v1")
                        .deploying("v2"))
                .hasSizeGreaterThan(25);
    }
}
