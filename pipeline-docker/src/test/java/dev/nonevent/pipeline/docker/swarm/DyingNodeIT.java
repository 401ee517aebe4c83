package dev.nonevent.pipeline.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Service;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SwarmNode;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A node of three dies: a worker, or one of two managers. */
@NeedsPrivateEngine
@EnabledIfSystemProperty(
        named = "proofs",
        matches = "whole",
        disabledReason = "takes long, and SwarmDeploymentIT shows one that dies in the middle of a deployment")
@Timeout(180)
class DyingNodeIT {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private static PrivateSwarm swarm;
    private static TestServices services;
    private static Image image;

    private final ExecutorService aside = Executors.newSingleThreadExecutor();

    @TempDir
    Path home;

    @BeforeAll
    static void beginTheSwarm() throws Exception {
        swarm = PrivateSwarm.engines(3);
        services = new TestServices(swarm);
        image = services.image("v1");
        assertThatThrownBy(() -> host().running("shop", Path.of("/home")))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is in no swarm: begin one with docker swarm init");
        swarm.begin(2);
    }

    @AfterAll
    static void endTheSwarm() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        aside.shutdownNow();
        services.clear(home);
    }

    @Test
    void aDeploymentWaitsForANodeThatDiesUnderItAndIsBack() throws Exception {
        Blueprint blueprint = prepare(host().replicas(3));
        SwarmNode dying = swarm.nodes().get(2);
        dying.kill();
        Future<Instance> start = aside.submit(() -> host().start("shop", "shop-1", blueprint, home));
        await(() -> !services.of(home).isEmpty());

        dying.startAgain();

        Instance instance = start.get(100, TimeUnit.SECONDS);
        assertThat(host().isRunning(instance)).isTrue();
        assertThat(instance.addresses()).hasSize(3);
        await(() -> HealthCheck.http("/").probe(instance).problem().isEmpty());
    }

    @Test
    void aDeploymentUnderWhichANodeDiesForGoodIsRefusedAndThePreviousReleaseServes() throws Exception {
        Instance stable = host().start("shop", "shop-1", prepare(host().replicas(2)), home);
        Blueprint next = prepare(host().replicas(3).env("VERSION", "2"));
        SwarmNode dying = swarm.nodes().get(2);
        dying.powerOff();
        try {
            assertThatThrownBy(() -> impatient().start("shop", "shop-2", next, home))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("shop-2 has no place in the swarm (no suitable node");

            await(() -> services.of(home).size() == 1);
            await(() -> running().size() == 1 && host().isRunning(running().get(0)));
            Instance serving = running().get(0);
            assertThat(serving.deployment()).isEqualTo("shop-1");
            await(() -> HealthCheck.http("/").probe(serving).problem().isEmpty());
            host().stop(stable, GRACE);
            assertThat(services.of(home)).isEmpty();
        } finally {
            dying.startAgain();
        }
    }

    @Test
    void withoutALeaderItIsUnknownWhatRunsAndNothingIsTouched() throws Exception {
        Instance instance = host().start("shop", "shop-1", prepare(host()), home);
        Service before = services.of(home).get(0);
        SwarmNode dying = swarm.nodes().get(1);
        dying.kill();
        try {
            await(() -> {
                try {
                    impatient().running("shop", home);
                    return false;
                } catch (LeaderlessException none) {
                    return true;
                }
            });
            assertThatThrownBy(() -> impatient().isRunning(instance))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("has no leader, and so it is unknown what runs in it")
                    .hasMessageContaining("more than half of its managers must be up");
            assertThatThrownBy(() -> impatient().stop(instance, GRACE)).isInstanceOf(LeaderlessException.class);
            await(() -> HealthCheck.http("/").probe(instance).problem().isEmpty());
        } finally {
            dying.startAgain();
        }

        await(() -> leads());
        assertThat(services.of(home)).extracting(Service::getId).containsExactly(before.getId());
        assertThat(services.of(home).get(0).getVersion().getIndex())
                .isEqualTo(before.getVersion().getIndex());
        host().stop(running().get(0), GRACE);
        assertThat(services.of(home)).isEmpty();
    }

    private boolean leads() {
        try {
            host().running("shop", home);
            return true;
        } catch (LeaderlessException notYet) {
            return false;
        }
    }

    private List<Instance> running() {
        return host().running("shop", home);
    }

    private Blueprint prepare(SwarmHost host) {
        return host.prepare(image, FileArtifactStore.in(home), home);
    }

    private static SwarmHost host() {
        return SwarmHost.port(8080).engine(swarm.manager().address());
    }

    private static SwarmHost impatient() {
        return new SwarmHost(
                Declaration.port(8080),
                new Managers(new Reach(Optional.of(swarm.manager().address()), new HurriedTime())));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come to be within 60 s");
            }
            Thread.sleep(50);
        }
    }
}
