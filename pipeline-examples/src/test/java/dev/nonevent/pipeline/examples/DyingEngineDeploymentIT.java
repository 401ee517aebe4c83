package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.Errand;
import dev.nonevent.pipeline.bluegreen.Portion;
import dev.nonevent.pipeline.bluegreen.Sweep;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine is killed in the middle of a deployment, and started again; it is one of the test's own. */
@NeedsPrivateEngine
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DyingEngineDeploymentIT {

    private static final List<String> MOMENTS = List.of("before Switching 1", "after Switched 1", "after Created 1");
    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    private static final String IMAGE = "nonevent-test/numbered";

    private final ExecutorService aside = Executors.newSingleThreadExecutor();

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    @AfterEach
    void endWhatGoesOnAside() {
        aside.shutdownNow();
    }

    @Test
    void whereContainersLiveOnTheDeploymentGoesOnAndNobodyNotices() throws Exception {
        try (PrivateEngine engine = PrivateEngine.start("--live-restore")) {
            ContainerPremises premises =
                    new ContainerPremises(IMAGE, Optional.of(engine.address()), Optional.of("shop"));
            premises.buildImage(scratch);
            premises.makeNetwork(engine.subnet());
            try (Sweep sweep = new Sweep(home, premises, 4)) {
                for (String moment : WHOLE ? MOMENTS : MOMENTS.subList(0, 2)) {
                    Portion.told(
                            moment,
                            () -> assertThat(sweep.meanwhile(Errand.DEPLOY, moment, () -> killAndStartAgain(engine)))
                                    .isEmpty());
                }
                sweep.usersLeave();
                assertThat(sweep.requests()).isPositive();
            }
        }
    }

    @Test
    void whereContainersEndWithTheEngineOneProvenReleaseServesWhenItIsBack() throws Exception {
        try (PrivateEngine engine = PrivateEngine.start()) {
            ContainerPremises premises = new ContainerPremises(IMAGE, Optional.of(engine.address()), Optional.empty());
            premises.buildImage(scratch);
            try (Sweep sweep = new Sweep(home, premises, 0)) {
                for (String moment : WHOLE ? MOMENTS : MOMENTS.subList(1, 2)) {
                    Portion.told(moment, () -> {
                        Optional<String> failure = sweep.meanwhile(
                                Errand.DEPLOY,
                                moment,
                                () -> killAndStartAgain(engine).get());
                        assertThat(failure)
                                .hasValueSatisfying(why -> assertThat(why)
                                        .contains("its process ended")
                                        .contains("traffic"));
                    });
                }
            }
        }
    }

    private Future<?> killAndStartAgain(PrivateEngine engine) throws InterruptedException {
        engine.kill();
        return aside.submit(() -> {
            engine.startAgain();
            return true;
        });
    }
}
