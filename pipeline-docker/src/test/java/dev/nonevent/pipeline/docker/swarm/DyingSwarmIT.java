package dev.nonevent.pipeline.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SwarmNode;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Nodes and managers that die while a command runs. */
@NeedsPrivateEngine
@EnabledIfSystemProperty(
        named = "proofs",
        matches = "whole",
        disabledReason = "takes long, and DyingEngineIT shows the same of one engine")
@Timeout(180)
class DyingSwarmIT {

    @TempDir
    Path workspace;

    private PrivateSwarm swarm;
    private String image;
    private TaskInventory inventory;

    @BeforeEach
    void startASwarm() throws Exception {
        swarm = PrivateSwarm.start(2);
        image = swarm.busybox();
        inventory = new TaskInventory(swarm);
    }

    @AfterEach
    void endIt() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    void aNodeThatDiesUnderACommandIsNoFailureOfTheCommandAndNeitherIsAManagers() throws Exception {
        SwarmNode worker = swarm.nodes().get(1);
        FutureTask<CommandResult> onTheWorker = begun(SwarmExecutor.swarmTask(inventory.idOf(image))
                .workspaceOnEveryNode()
                .constraint("node.role==worker"));

        worker.powerOff();

        assertThatThrownBy(() -> onTheWorker.get(120, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InfrastructureException.class)
                .hasMessageContaining("of the swarm is down while it ran sh -c");
        assertThat(inventory.services()).isEmpty();

        Files.delete(workspace.resolve("starts"));
        FutureTask<CommandResult> onTheManager = begun(SwarmExecutor.swarmTask(image));

        swarm.manager().kill();
        swarm.manager().startAgain();

        assertThatThrownBy(() -> onTheManager.get(120, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the Docker engine there was restarted");
        assertThat(workspace.resolve("starts"))
                .as("never started a second time")
                .hasContent("start");
        assertThat(inventory.services()).isEmpty();
    }

    /** In the background; returns when it has printed something, and Swarm therefore knows that it runs. */
    private FutureTask<CommandResult> begun(SwarmExecutor executor) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Command command = Command.of(workspace, "sh", "-c", "echo start >> starts; echo begun; sleep 300");
        FutureTask<CommandResult> running =
                new FutureTask<>(() -> executor.engine(swarm.manager().address())
                        .grace(Duration.ofSeconds(1))
                        .run(command, bytes -> begun.countDown()));
        Thread thread = new Thread(running);
        thread.setDaemon(true);
        thread.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        return running;
    }
}
