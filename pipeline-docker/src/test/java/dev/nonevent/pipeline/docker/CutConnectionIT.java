package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.docker.contract.SocketRelay;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
@Timeout(120)
class CutConnectionIT {

    private final TestEngine engine;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path temporary;

    private Path workspace;
    private DockerExecutor executor;
    private SocketRelay relay;
    private FutureTask<CommandResult> running;

    CutConnectionIT(TestEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void putARelayBeforeTheEngine() throws Exception {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        relay = SocketRelay.to(Path.of(engine.engine().address().getPath()), temporary.resolve("relay.sock"));
        executor = DockerExecutor.container(engine.image())
                .network("none")
                .grace(Duration.ofSeconds(1))
                .engine(URI.create("unix://" + temporary.resolve("relay.sock")));
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
        start(executor::run, "echo begun; sleep 300");
        assertThat(relay.awaitWaiting()).isTrue();

        relay.close();

        String survivor = engine.containers().get(0).getId().substring(0, 12);
        assertThatThrownBy(() -> running.get(90, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining(
                        "container " + survivor + " may still be running, remove it with docker rm -f " + survivor)
                .hasMessageContaining("went away while sh -c echo begun; sleep 300 ran");
    }

    @Test
    void aCommandWhoseConnectionIsCutIsFollowedToItsEnd() throws Exception {
        start(executor::run, "echo begun; while [ ! -e go ]; do sleep 0.1; done; sleep 1; echo end; exit 7");
        assertThat(relay.awaitWaiting()).isTrue();

        relay.cut();
        Files.createFile(workspace.resolve("go"));

        assertThat(running.get(90, TimeUnit.SECONDS).exitCode()).isEqualTo(7);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .isEqualTo("begun\n" + Sentences.LINES_MAY_BE_MISSING + "\nend\n");
        assertThat(engine.containers()).isEmpty();
    }

    /** The engine ends a program in a running container that loses its connection, and records no exit code of its own. */
    @Test
    void aCommandOfASessionWhoseConnectionIsCutIsNoFailureAndTheNextOneRuns() throws Exception {
        try (Session session = executor.open(SessionRequest.in(workspace))) {
            start(session::run, "echo begun; sleep 300");
            assertThat(relay.awaitWaiting()).isTrue();

            relay.cut();

            assertThatThrownBy(() -> running.get(90, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("broke while sh -c echo begun; sleep 300 ran");
            CommandResult next = session.run(
                    Command.of(workspace, "sh", "-c", "ps -o args | grep -c '[s]leep'; exit 4"), printed::writeBytes);
            assertThat(next.exitCode()).isEqualTo(4);
            assertThat(next.lastLines()).containsExactly("0");
        }
        assertThat(engine.containers()).isEmpty();
    }

    @Test
    void aConnectionThatIsCutBetweenTwoCommandsIsMadeAgainAndTheirContainerIsTheSame() throws Exception {
        try (Session session = executor.open(SessionRequest.in(workspace))) {
            session.run(Command.of(workspace, "sh", "-c", "echo kept > /tmp/file"), printed::writeBytes);

            relay.cut();
            awaitThatNobodyListens();

            session.run(Command.of(workspace, "cat", "/tmp/file"), printed::writeBytes);
            assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("kept\n");
        }
        assertThat(engine.containers()).isEmpty();
    }

    /** Only when the cut has been noticed nothing can be lost by it. */
    private static void awaitThatNobodyListens() throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().startsWith("docker-java-stream"))) {
            assertThat(System.nanoTime()).as("a connection was not cut").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private void start(Runs where, String script) throws Exception {
        running = new FutureTask<>(() -> where.run(Command.of(workspace, "sh", "-c", script), bytes -> {
            printed.writeBytes(bytes);
            begun.countDown();
        }));
        Thread thread = new Thread(running);
        thread.setDaemon(true);
        thread.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    }

    /** An executor's own way of running a command, or a session's. */
    private interface Runs {
        CommandResult run(Command command, CommandOutput output) throws InterruptedException;
    }
}
