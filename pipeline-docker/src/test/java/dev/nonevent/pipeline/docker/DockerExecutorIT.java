package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

@NeedsEngine
@Timeout(60)
class DockerExecutorIT {

    private final TestEngine engine;
    private final DockerExecutor busybox;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path temporary;

    private Path workspace;

    DockerExecutorIT(TestEngine engine) {
        this.engine = engine;
        this.busybox = DockerExecutor.container(engine.image()).network("none").grace(Duration.ofSeconds(1));
    }

    @BeforeEach
    void makeWorkspace() throws IOException {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(engine.containers()).isEmpty();
    }

    @Test
    void aFileWrittenInsideIsInTheWorkspaceAndBelongsToItsOwner() throws Exception {
        Files.setAttribute(workspace, "unix:uid", 1234);
        Files.setAttribute(workspace, "unix:gid", 2345);

        CommandResult result = run(busybox, "sh", "-c", "id -u; pwd; echo hello > out.txt");

        assertThat(result.exitCode()).isZero();
        assertThat(result.directory()).isEqualTo(workspace);
        assertThat(printed()).isEqualTo("1234\n" + workspace + "\n");
        assertThat(workspace.resolve("out.txt")).hasContent("hello");
        assertThat(Files.getAttribute(workspace.resolve("out.txt"), "unix:uid")).isEqualTo(1234);
        assertThat(Files.getAttribute(workspace.resolve("out.txt"), "unix:gid")).isEqualTo(2345);
    }

    @Test
    void homeIsWritableForAUserTheImageDoesNotKnow() throws Exception {
        Files.setAttribute(workspace, "unix:uid", 1234);

        CommandResult result = run(busybox, "sh", "-c", "echo x > $HOME/file && echo $HOME $LANG $TZ");

        assertThat(result.exitCode()).isZero();
        assertThat(printed()).isEqualTo("/home/nonevent C.UTF-8 UTC\n");
    }

    @Test
    void theExitCodeIsTheCommandsOwn() throws Exception {
        CommandResult result = run(busybox, "sh", "-c", "echo before; echo last >&2; exit 42");

        assertThat(result.exitCode()).isEqualTo(42);
        assertThat(result.lastLines()).containsExactlyInAnyOrder("before", "last");
    }

    @Test
    void aMillionBytesArriveCompletelyAndInOrder() throws Exception {
        run(busybox, "sh", "-c", "seq 1 150000");

        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 150_000; i++) {
            expected.append(i).append('\n');
        }
        assertThat(printed()).isEqualTo(expected.toString());
    }

    @Test
    void outputWrittenJustBeforeTheEndIsNotLost() throws Exception {
        for (int i = 0; i < 10; i++) {
            printed.reset();

            run(busybox, "sh", "-c", "head -c 3072 /dev/zero | tr '\\0' 'x'; echo end");

            assertThat(printed()).isEqualTo("x".repeat(3072) + "end\n");
        }
    }

    @Test
    void theArgumentsAreTakenAsTheyAre() throws Exception {
        run(busybox, "echo", "$HOME", "a b", "", "*", "ü;id");

        assertThat(printed()).isEqualTo("$HOME a b  * ü;id\n");
    }

    @Test
    void declaredVariablesAreThereAndTheCommandsOwnGoBefore() throws Exception {
        Command command = Command.of(workspace, "sh", "-c", "echo $A $B").env("B", "command");

        busybox.env("A", "declared").env("B", "declared").run(command, printed::writeBytes);

        assertThat(printed()).isEqualTo("declared command\n");
    }

    @Test
    void thereIsNoWayToMorePrivileges() throws Exception {
        run(
                busybox,
                "sh",
                "-c",
                "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status; cat /sys/fs/cgroup/pids/pids.max"
                        + " /sys/fs/cgroup/pids.max 2>/dev/null; test -t 1 || echo no terminal");

        assertThat(printed().replace("\t", ""))
                .contains(
                        "CapBnd:0000000000000000\n",
                        "CapEff:0000000000000000\n",
                        "NoNewPrivs:1\n",
                        "512\n",
                        "no terminal\n");
    }

    @Test
    void aCacheOutlivesTheCommandAndIsItsUsersOwn() throws Exception {
        Files.setAttribute(workspace, "unix:uid", 1234);
        String cache = "/cache/it-" + ProcessHandle.current().pid();
        try {
            run(busybox.cache(cache), "sh", "-c", "echo kept > " + cache + "/file");

            CommandResult second = run(busybox.cache(cache), "cat", cache + "/file");

            assertThat(second.exitCode()).isZero();
            assertThat(printed()).isEqualTo("kept\n");
        } finally {
            engine.removeCaches(cache);
        }
    }

    @Test
    void aCommandThatTakesTooLongIsStoppedAndItsLastWordsAreKept() throws Exception {
        Command command = Command.of(workspace, "sh", "-c", "trap 'echo bye; exit 3' TERM; echo begun; sleep 60 & wait")
                .within(Duration.ofMillis(700));

        assertThatThrownBy(() -> busybox.grace(Duration.ofSeconds(20)).run(command, printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class)
                .hasMessageContaining("took longer than 700 ms in " + engine.image() + " and was stopped");

        assertThat(printed()).isEqualTo("begun\nbye\n");
    }

    @Test
    void aCommandThatIgnoresTheRequestToEndIsKilled() throws Exception {
        Command command = Command.of(workspace, "sh", "-c", "trap '' TERM; while true; do sleep 1; done")
                .within(Duration.ofMillis(300));

        assertThatThrownBy(() -> busybox.run(command, printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class);
    }

    @Test
    void anInterruptStopsTheCommand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = new FutureTask<>(() ->
                busybox.run(Command.of(workspace, "sh", "-c", "echo begun; sleep 60"), bytes -> begun.countDown()));
        Thread thread = new Thread(running);
        thread.start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void aContainerThatIsStoppedFromOutsideIsNoFailureOfTheCommand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = new FutureTask<>(() ->
                busybox.run(Command.of(workspace, "sh", "-c", "echo begun; sleep 60"), bytes -> begun.countDown()));
        new Thread(running).start();
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

        String id = engine.containers().get(0).getId();
        engine.ask(docker -> {
            docker.killContainerCmd(id).exec();
            return true;
        });

        assertThatThrownBy(() -> running.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("ended under sh -c echo begun; sleep 60 and not by its doing (exit code 137)");
    }

    @Test
    void aCommandThatKillsItselfHasFailed() throws Exception {
        assertThat(run(busybox, "sh", "-c", "kill -9 $$").exitCode()).isEqualTo(137);
    }

    @Test
    void anOutputThatThrowsStopsTheCommandAndComesOut() {
        IllegalStateException full = new IllegalStateException("the disk is full");

        assertThatThrownBy(() -> busybox.run(Command.of(workspace, "sh", "-c", "echo x; sleep 60"), bytes -> {
                    throw full;
                }))
                .isSameAs(full);
    }

    @Test
    void aProgramThatIsNotInTheImageIsNamed() {
        assertThatThrownBy(() -> run(busybox, "mvn", "verify"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("mvn cannot be started in " + engine.image() + " (sh: ")
                .hasMessageEndingWith("mvn: not found): is it installed in that image?");
        assertThat(printed()).isEmpty();
    }

    @Test
    void aCommandThatExits127ItselfHasRun() throws Exception {
        CommandResult result = run(busybox, "sh", "-c", "echo wrong >&2; exit 127");

        assertThat(result.exitCode()).isEqualTo(127);
        assertThat(printed()).isEqualTo("wrong\n");
    }

    @Test
    void aSecretIsNotGivenToAnImageWithoutAShellSinceItWouldBeShown() throws Exception {
        String bare = engine.buildBareImage();
        Command secretive = Command.of(workspace, "/busybox", "true").secretEnv("TOKEN", "t0ken");
        try {
            assertThatThrownBy(
                            () -> DockerExecutor.container(bare).network("none").run(secretive, bytes -> {}))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessage("image " + bare + " has no shell, so docker inspect would show TOKEN to everybody:"
                            + " take an image with /bin/sh for what needs a secret");
            assertThat(engine.containers()).isEmpty();
        } finally {
            engine.removeImages(bare.substring(0, bare.indexOf(':')));
        }
    }

    @Test
    void anImageWithoutAShellWillDo() throws Exception {
        String bare = engine.buildBareImage();
        DockerExecutor executor = DockerExecutor.container(bare).network("none");
        try {
            CommandResult result = run(executor, "/busybox", "sh", "-c", "echo out; exit 7");
            assertThat(result.exitCode()).isEqualTo(7);
            assertThat(printed()).isEqualTo("out\n");

            assertThatThrownBy(() -> run(executor, "/nothing"))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessage("/nothing cannot be started in " + bare
                            + " (No such file or directory): is it installed in that image?");
        } finally {
            engine.removeImages(bare.substring(0, bare.indexOf(':')));
        }
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        DockerExecutor missing = DockerExecutor.container("localhost:1/nonevent/missing:1");

        assertThatThrownBy(() -> run(missing, "true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("image localhost:1/nonevent/missing:1 is not there and cannot be pulled (");
    }

    @Test
    void anImageThatMayNotBePulledIsNamed() {
        DockerExecutor missing = DockerExecutor.container("nonevent/missing:1").withoutPulling();

        assertThatThrownBy(() -> run(missing, "true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("image nonevent/missing:1 is not on the engine at unix:///var/run/docker.sock,"
                        + " and it may not be pulled: build or load it first");
    }

    @Test
    void aNetworkThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> run(busybox.network("nonevent-nowhere"), "true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("network nonevent-nowhere not found");
    }

    @Test
    void runningOutOfMemoryIsSaid() throws Exception {
        CommandResult result = run(busybox.memoryMib(16), "sh", "-c", "x=x; while true; do x=$x$x; done");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.lastLines())
                .last()
                .asString()
                .startsWith("out of memory: ")
                .contains("its limit of 16 MiB");
    }

    @Test
    void anEngineThatIsNotThereIsNamedWithTheWayOut() {
        DockerExecutor nowhere = busybox.engine(URI.create("unix:///nonexistent/docker.sock"));

        assertThatThrownBy(() -> run(nowhere, "true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("no Docker engine answers at unix:///nonexistent/docker.sock (")
                .hasMessageEndingWith("name another with DOCKER_HOST");
    }

    private CommandResult run(DockerExecutor executor, String... argv) throws InterruptedException {
        return executor.run(Command.of(workspace, argv), printed::writeBytes);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
