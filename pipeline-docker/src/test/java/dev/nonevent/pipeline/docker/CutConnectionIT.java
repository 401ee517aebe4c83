package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
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
import org.junit.jupiter.api.io.TempDir;

/** What a command says when the engine goes away under it: a cut connection looks to docker-java like a normal end. */
@NeedsEngine
@Timeout(60)
class CutConnectionIT {

    private final TestEngine engine;
    private final CountDownLatch begun = new CountDownLatch(1);

    @TempDir
    Path temporary;

    private SocketRelay relay;
    private FutureTask<CommandResult> running;

    CutConnectionIT(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void startACommandThroughTheRelay() throws Exception {
        Path workspace = Files.createDirectory(temporary.resolve("workspace"));
        relay = SocketRelay.to(Path.of(engine.engine().address().getPath()), temporary.resolve("relay.sock"));
        DockerExecutor executor = DockerExecutor.container(engine.image())
                .network("none")
                .grace(Duration.ofSeconds(1))
                .engine(URI.create("unix://" + temporary.resolve("relay.sock")));
        running = new FutureTask<>(() ->
                executor.run(Command.of(workspace, "sh", "-c", "echo begun; sleep 300"), bytes -> begun.countDown()));
        Thread thread = new Thread(running);
        thread.setDaemon(true);
        thread.start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(relay.awaitWaiting()).isTrue();
    }

    @AfterEach
    void removeContainers() throws Exception {
        relay.close();
        for (Container each : engine.containers()) {
            new dev.nonevent.pipeline.docker.engine.Container(engine.engine(), each.getId()).remove();
        }
    }

    @Test
    void anEngineThatGoesAwayIsNeverTakenForTheEndOfTheCommand() throws Exception {
        relay.close();

        String survivor = engine.containers().get(0).getId().substring(0, 12);
        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(
                        "container " + survivor + " may still be running, remove it with docker rm -f " + survivor)
                .hasMessageContaining("went away while sh -c echo begun; sleep 300 ran");
    }

    @Test
    void anEngineThatComesBackAtOnceHasItsContainerRemoved() throws Exception {
        relay.cut();

        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("how it ended and what it printed is unknown");
        assertThat(engine.containers()).isEmpty();
    }
}
