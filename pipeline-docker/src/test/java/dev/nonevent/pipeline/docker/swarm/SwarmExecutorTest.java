package dev.nonevent.pipeline.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.docker.DockerService;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwarmExecutorTest {

    private final SwarmExecutor executor = SwarmExecutor.swarmTask("busybox:1.36");

    @Test
    void aServiceOfTheRunIsRefusedWhenThePipelineIsPlanned() {
        assertThat(executor.problemsWith(List.of(DockerService.service("postgres:16"))))
                .singleElement()
                .asString()
                .contains("cannot reach the service postgres")
                .contains("run those commands with DockerExecutor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.labels.disk==ssd", "node.role != manager", "engine.labels.os==linux", "node.id==abc"})
    void whatSwarmTakesForAConstraintIsTaken(String constraint) {
        assertThat(executor.constraint(constraint).description()).isEqualTo("busybox:1.36 on Docker Swarm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ssd", "node.labels.disk=ssd", "node.labels.disk==", "disk==ssd", "node.x==a b"})
    void whatIsNoConstraintIsRefused(String constraint) {
        assertThatThrownBy(() -> executor.constraint(constraint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("say one like node.labels.disk==ssd");
    }

    @Test
    void whatCannotBeIsRefusedWhereItIsDeclared() {
        assertThatThrownBy(() -> executor.network("none")).hasMessageContaining("with DockerExecutor only");
        assertThatThrownBy(() -> executor.memoryMib(5)).hasMessageContaining("at least 6 MiB");
        assertThatThrownBy(() -> executor.cpus(Double.NaN)).hasMessageContaining("a number like 1.5");
        assertThatThrownBy(() -> executor.processes(3)).hasMessageContaining("at least 4");
        assertThatThrownBy(() -> executor.user("root")).hasMessageContaining("uid:gid");
        assertThatThrownBy(() -> executor.placedWithin(Duration.ZERO)).hasMessageContaining("takes some time");
        assertThatThrownBy(() -> SwarmExecutor.swarmTask("busy box")).hasMessageContaining("is no image");
    }

    @Test
    void variablesAreWrittenSoThatAShellReadsThemBackAsTheyAre() {
        Command command = Command.of(Path.of("/w"), "true")
                .env("B", "it's $HOME `id`\n\\")
                .env("A", "");

        assertThat(TaskSecret.lines(command)).isEqualTo("export A=''\nexport B='it'\\''s $HOME `id`\n\\'\n");
    }

    @Test
    void aVariableThatNoShellCanSetIsRefused() {
        Command command = Command.of(Path.of("/w"), "build").env("a.b; reboot", "x");

        assertThatThrownBy(() -> TaskSecret.lines(command))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("\"a.b; reboot\" of build");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"host:5000/shop", "host:5000/shop:1.2", "host:5000/shop@sha256:12", "host:5000/shop:1@sha256:12"
            })
    void theRepositoryOfAnImageIsItsNameWithoutTagAndDigest(String image) {
        assertThat(SwarmVisit.repositoryOf(image)).isEqualTo("host:5000/shop");
    }
}
