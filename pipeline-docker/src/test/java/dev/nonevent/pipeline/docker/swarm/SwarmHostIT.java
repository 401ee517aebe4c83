package dev.nonevent.pipeline.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Service;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SwarmNode;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a manager and a worker. */
@NeedsPrivateEngine
@ExtendWith(TestSwarm.class)
@Timeout(180)
class SwarmHostIT {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final PrivateSwarm swarm;
    private final TestServices services;
    private final Image image;

    @TempDir
    Path home;

    SwarmHostIT(TestSwarm.Begun test) {
        this.swarm = test.swarm();
        this.services = test.services();
        this.image = test.image();
    }

    @AfterEach
    void removeWhatIsLeft() throws Exception {
        services.clear(home);
    }

    @Test
    void eachReplicaIsOnANodeOfItsOwnMayOnlyWhatIsSaidAndIsAskedForItself() throws Exception {
        SwarmHost bounded = host().replicas(2)
                .memoryMib(64)
                .cpus(0.1)
                .processes(20)
                .readOnly()
                .user("1000:1000")
                .logs(1, 2)
                .env("GREETING", "hello");

        Instance instance = start(bounded, "shop-1", image);

        for (SwarmNode node : swarm.nodes()) {
            InspectContainerResponse container = onlyContainer(node);
            HostConfig limits = container.getHostConfig();
            assertThat(limits.getMemory()).isEqualTo(64L << 20);
            assertThat(limits.getNanoCPUs()).isEqualTo(100_000_000L);
            assertThat(limits.getPidsLimit()).isEqualTo(20);
            assertThat(limits.getReadonlyRootfs()).isTrue();
            assertThat(limits.getCapDrop()).extracting(Enum::name).containsExactly("ALL");
            assertThat(limits.getInit()).isTrue();
            assertThat(limits.getLogConfig().getConfig()).isEqualTo(Map.of("max-size", "1m", "max-file", "2"));
            assertThat(container.getConfig().getUser()).isEqualTo("1000:1000");
            assertThat(container.getConfig().getEnv()).contains("GREETING=hello");
            assertThat(container.getConfig().getLabels()).containsEntry("dev.nonevent.deployment", "shop-1");
        }
        assertThat(instance.addresses())
                .extracting(URI::getHost)
                .containsExactlyInAnyOrderElementsOf(
                        swarm.nodes().stream().map(SwarmNode::host).toList());
        await(() -> problem(HealthCheck.http("/"), instance).isEmpty());
        assertThat(problem(host().healthCheck(), instance)).isEmpty();
        host().stop(instance, GRACE);
        assertThat(problem(host().healthCheck(), instance))
                .hasValueSatisfying(problem -> assertThat(problem).endsWith("has no task in the swarm"));
    }

    @Test
    void aServiceThatSomebodyChangedIsLeftToHim() throws Exception {
        Instance first = start(host(), "shop-1", image);
        change(services.of(home).get(0));

        assertThat(host().isRunning(first)).isFalse();
        host().stop(first, GRACE);

        Instance changed = host().running("shop", home).get(0);
        assertThat(changed.deployment()).isEqualTo("shop-1");
        assertThat(changed.id()).isNotEqualTo(first.id());
        assertThat(services.of(home)).hasSize(1);
    }

    @Test
    @EnabledIfSystemProperty(named = "proofs", matches = "whole", disabledReason = "takes seconds")
    void aReplicaIsWhereItMayBeAndStartedAgainAnotherLifeAtTheSamePort() throws Exception {
        Instance first = start(host().constraint("node.role==manager"), "shop-1", image);
        assertThat(first.address().getHost()).isEqualTo(swarm.manager().host());

        killContainers(swarm.manager());

        await(() -> !host().isRunning(first));
        await(() -> host().running("shop", home).stream().anyMatch(again -> host().isRunning(again)));
        Instance again = host().running("shop", home).get(0);
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.address()).isEqualTo(first.address());
        host().stop(first, GRACE);
        assertThat(services.of(home)).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "proofs", matches = "whole", disabledReason = "takes seconds")
    void oneThatEndsAtOnceHasBegunAndSaysWhatWasWrong() throws Exception {
        Instance ended = start(host(), "shop-1", services.image("sick", "echo no database >&2; exit 3"));

        await(() -> {
            List<String> lines = host().lastLines(ended, home, 10);
            return lines.contains("no database")
                    && lines.stream()
                            .anyMatch(line ->
                                    line.startsWith("swarm: replica 1: ") && line.contains("non-zero exit (3)"));
        });
        host().stop(ended, GRACE);
        assertThat(services.of(home)).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "proofs", matches = "whole", disabledReason = "takes seconds")
    void anImageThatOneNodeDoesNotHaveIsASentenceAndNothingIsLeft() throws Exception {
        Image onTheManager = services.imageOfTheManager("rare", "exec httpd -f -p 8080 -h /www");

        assertThatThrownBy(() -> start(host().replicas(2), "shop-1", onTheManager))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("shop-1 cannot run on node ")
                .hasMessageContaining("push it to a registry that every node reaches, or load it on each");

        assertThat(services.of(home)).isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "proofs", matches = "whole", disabledReason = "takes seconds")
    void moreReplicasThanNodesAreASentenceAndNothingIsLeft() {
        SwarmHost impatient = new SwarmHost(
                Declaration.port(8080),
                new Managers(new Reach(Optional.of(swarm.manager().address()), new HurriedTime())));

        assertThatThrownBy(() -> start(impatient.replicas(3), "shop-1", image))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("shop-1 has no place in the swarm (no suitable node")
                .hasMessageContaining("add nodes, or want fewer replicas");

        assertThat(services.of(home)).isEmpty();
    }

    @Test
    void whatWasPushedIsPulledByItsDigestWhereItIsMissing() throws Exception {
        try (PlainRegistry registry = PlainRegistry.start(swarm.outside(), home)) {
            Image pushed = registry.push(services.imageOfTheManager("pushed", "exec httpd -f -p 8080 -h /www"), swarm);

            Instance instance = start(host().constraint("node.role==worker"), "shop-1", pushed);

            assertThat(instance.address().getHost())
                    .isEqualTo(swarm.nodes().get(1).host());
            assertThat(onlyContainer(swarm.nodes().get(1)).getConfig().getImage())
                    .isEqualTo(pushed.pinned())
                    .contains("/shop@sha256:");
        }
    }

    @Test
    void whoIsNoManagerIsASentence() {
        assertThatThrownBy(() -> SwarmHost.port(8080)
                        .engine(swarm.nodes().get(1).address())
                        .prepare(image, FileArtifactStore.in(home), home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is a worker of its swarm, and only a manager can be asked");
    }

    private SwarmHost host() {
        return SwarmHost.port(8080).engine(swarm.manager().address());
    }

    private Instance start(SwarmHost host, String deployment, Image artifact) throws InterruptedException {
        Blueprint blueprint = host.prepare(artifact, FileArtifactStore.in(home), home);
        return host.start("shop", deployment, blueprint, home);
    }

    private static InspectContainerResponse onlyContainer(SwarmNode node) {
        try (Engine engine = node.connect()) {
            List<Container> all =
                    engine.ask("looking", docker -> docker.listContainersCmd().exec());
            assertThat(all).hasSize(1);
            return engine.ask(
                    "looking",
                    docker -> docker.inspectContainerCmd(all.get(0).getId()).exec());
        }
    }

    private static void killContainers(SwarmNode node) {
        try (Engine engine = node.connect()) {
            engine.ask("looking", docker -> docker.listContainersCmd().exec())
                    .forEach(each -> engine.tell(
                            "killing",
                            docker -> docker.killContainerCmd(each.getId()).exec()));
        }
    }

    /** As somebody with the docker command does, who adds a label. */
    private void change(Service service) {
        Map<String, String> labels = new HashMap<>(service.getSpec().getLabels());
        labels.put("changed", "yes");
        try (Engine manager = swarm.manager().connect()) {
            manager.tell(
                    "changing",
                    docker -> docker.updateServiceCmd(
                                    service.getId(), service.getSpec().withLabels(labels))
                            .withVersion(service.getVersion().getIndex())
                            .exec());
        }
    }

    private static Optional<String> problem(HealthCheck check, Instance instance) {
        try {
            return check.probe(instance).problem();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come to be within 60 s");
            }
            Thread.sleep(50);
        }
    }
}
