package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.docker.contract.SocketRelay;
import dev.nonevent.pipeline.executor.Command;
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

/** The shell that is a stage's container, and is handed its commands: what it costs, and what it does not give away. */
@NeedsEngine
@Timeout(120)
class StageShellIT {

    private final TestEngine engine;
    private final DockerExecutor busybox;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path temporary;

    private Path workspace;
    private Session session;

    StageShellIT(TestEngine engine) {
        this.engine = engine;
        this.busybox = DockerExecutor.container(engine.image()).network("none").grace(Duration.ofSeconds(1));
    }

    @BeforeEach
    void makeWorkspace() throws Exception {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        session = busybox.open(SessionRequest.in(workspace));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        session.close();
        assertThat(engine.containers()).isEmpty();
    }

    /** What a stage takes beside its command is how long the engine takes for these. */
    @Test
    void aStageAsksTheEngineForItsContainerAndNothingForItsCommands() throws Exception {
        Path socket = temporary.resolve("relay.sock");
        try (SocketRelay relay =
                SocketRelay.to(Path.of(engine.engine().address().getPath()), socket)) {
            DockerExecutor relayed = busybox.engine(URI.create("unix://" + socket));
            try (Session stage = relayed.open(SessionRequest.in(workspace))) {
                for (int i = 0; i < 3; i++) {
                    stage.run(Command.of(workspace, "echo", "x"), printed::writeBytes);
                }
            }

            assertThat(printed()).isEqualTo("x\nx\nx\n");
            assertThat(relay.requests())
                    .containsExactly(
                            "GET /version",
                            "GET /containers/json",
                            "GET /networks",
                            "GET /images/" + engine.image().replace("/", "%2F") + "/json",
                            "POST /containers/create",
                            "POST /containers/_/attach",
                            "POST /containers/_/start",
                            "POST /containers/_/wait",
                            "DELETE /containers/_");
        }
    }

    @Test
    void withoutANetworkThisMachineStillHasItsName() throws Exception {
        run("wget", "-O-", "http://localhost:9/");
        session.close();
        session = busybox.user("1234:2345").open(SessionRequest.in(workspace));
        run("wget", "-O-", "http://localhost:9/");

        assertThat(printed().lines().filter(line -> line.contains("Connection refused")))
                .as(printed())
                .hasSize(2);
    }

    @Test
    void wordsAndVariablesOfManyLinesArriveAsTheyAre() throws Exception {
        String odd = "a\\b\n\n \ttab'\"$HOME`id`\r\n\u0081ü€ ";

        session.run(
                Command.of(workspace, "sh", "-c", "printf '<%s>' \"$ODD\" \"$@\"", "sh", odd, "", "-n")
                        .env("ODD", odd),
                printed::writeBytes);

        assertThat(printed()).isEqualTo("<" + odd + "><" + odd + "><><-n>");
    }

    @Test
    void aCommandThatEndsItsOwnGroupKeepsItsContainer() throws Exception {
        CommandResult ended = run("sh", "-c", "trap 'kill 0' EXIT; sleep 300 & echo kept > /tmp/file");
        run("cat", "/tmp/file");

        assertThat(ended.exitCode()).isEqualTo(143);
        assertThat(printed()).isEqualTo("kept\n");
        assertThat(engine.containers()).hasSize(1);
    }

    @Test
    void aContainerThatIsAskedToEndFromOutsideIsNoFailureOfTheCommandThatObeys() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = new FutureTask<>(() -> session.run(
                Command.of(workspace, "sh", "-c", "trap 'exit 3' TERM; echo begun; sleep 300 & wait"),
                bytes -> begun.countDown()));
        new Thread(running).start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        String id = engine.containers().get(0).getId();

        engine.ask(docker -> {
            docker.killContainerCmd(id).withSignal("TERM").exec();
            return true;
        });

        assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("was asked to end while sh -c trap 'exit 3' TERM;")
                .hasMessageContaining("(exit code 3): somebody stops it");
        assertThat(run("sh", "-c", "exit 5").exitCode()).isEqualTo(5);
    }

    @Test
    void aContainerThatIsGoneBetweenTwoCommandsIsSaidAndTheOneAfterHasANewOne() throws Exception {
        run("true");
        String id = engine.containers().get(0).getId();
        engine.ask(docker -> {
            docker.stopContainerCmd(id).exec();
            return true;
        });

        assertThatThrownBy(() -> run("true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("container " + id.substring(0, 12) + " ended ");
        assertThat(run("sh", "-c", "exit 5").exitCode()).isEqualTo(5);
    }

    @Test
    void aDirectoryThatIsNotThereIsNamedAndTheNextCommandRuns() throws Exception {
        Path gone = workspace.resolve("gone");

        assertThatThrownBy(() -> session.run(Command.of(gone, "true"), printed::writeBytes))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith(
                        "true cannot be started in " + engine.image() + ": there is no directory " + gone);
        assertThat(run("sh", "-c", "exit 5").exitCode()).isEqualTo(5);
        assertThat(engine.containers()).hasSize(1);
    }

    @Test
    void anOutputThatThrowsStopsItsCommandAndTheNextOneIsHeard() throws Exception {
        IllegalStateException full = new IllegalStateException("the disk is full");

        assertThatThrownBy(() -> session.run(Command.of(workspace, "sh", "-c", "echo x; sleep 60"), bytes -> {
                    throw full;
                }))
                .isSameAs(full);
        run("echo", "next");

        assertThat(printed()).isEqualTo("next\n");
        assertThat(engine.containers()).hasSize(1);
    }

    private CommandResult run(String... argv) throws InterruptedException {
        return session.run(Command.of(workspace, argv), printed::writeBytes);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
