package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a stage in one container. What every session promises is in the contract. */
@NeedsEngine
@Timeout(120)
class DockerSessionIT {

    private final TestEngine engine;
    private final DockerExecutor busybox;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path temporary;

    private Path workspace;
    private Session session;

    DockerSessionIT(TestEngine engine) {
        this.engine = engine;
        this.busybox = DockerExecutor.container(engine.image()).network("none").grace(Duration.ofSeconds(1));
    }

    @BeforeEach
    void makeWorkspace() throws IOException {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        session = busybox.open(SessionRequest.in(workspace));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        session.close();
        assertThat(engine.containers()).isEmpty();
    }

    @Test
    void allCommandsOfAStageShareOneContainerWhichTheFirstOfThemMakes() throws Exception {
        assertThat(engine.containers()).isEmpty();

        run("sh", "-c", "echo kept > /tmp/file; hostname");
        run("sh", "-c", "cat /tmp/file; hostname");

        assertThat(engine.containers()).hasSize(1);
        String host = engine.containers().get(0).getId().substring(0, 12);
        assertThat(printed()).isEqualTo(host + "\nkept\n" + host + "\n");
    }

    @Test
    void eachCommandIsTheOwnersWithoutAnyPrivilege() throws Exception {
        Files.setAttribute(workspace, "unix:uid", 1234);
        Files.setAttribute(workspace, "unix:gid", 2345);

        run("sh", "-c", "id -u; id -g; echo x > $HOME/file && echo $HOME; echo y > out.txt");
        run(
                "sh",
                "-c",
                "grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status | tr -d '\\t';"
                        + " cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null; cat $HOME/file");

        assertThat(printed())
                .isEqualTo("1234\n2345\n/home/nonevent\nCapEff:0000000000000000\nCapBnd:0000000000000000\n"
                        + "NoNewPrivs:1\n512\nx\n");
        assertThat(Files.getAttribute(workspace.resolve("out.txt"), "unix:uid")).isEqualTo(1234);
    }

    @Test
    void anOwnerWithAsGreatANumberAsDirectoriesOfPeopleGiveHasAHome() throws Exception {
        session.close();
        session = busybox.user("20000000:30000000").open(SessionRequest.in(workspace));

        run("sh", "-c", "echo x > $HOME/file && stat -c %u:%g $HOME/file; rm $HOME/file");

        assertThat(printed()).isEqualTo("20000000:30000000\n");
    }

    @Test
    void theImagesHealthCheckIsNotAskedWhereTheImageDoesNotRun() throws Exception {
        String checked = engine.buildWith("checked", "HEALTHCHECK --interval=1s CMD exit 1");
        session.close();
        session = DockerExecutor.container(checked).network("none").open(SessionRequest.in(workspace));

        run("true");

        String id = engine.containers().get(0).getId();
        assertThat(engine.ask(docker -> docker.inspectContainerCmd(id).exec())
                        .getState()
                        .getHealth())
                .isNull();
    }

    @Test
    void aShellThatCannotBeStartedIsQuoted() throws Exception {
        String broken = engine.buildWith("loop", "RUN ln -s loop /loop && rm /bin/sh && ln -s /loop /bin/sh");

        assertThatThrownBy(() -> DockerExecutor.container(broken)
                        .network("none")
                        .open(SessionRequest.in(workspace))
                        .run(Command.of(workspace, "true"), printed::writeBytes))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("a container of " + broken + " was not ready when its output ended (it is ")
                .hasMessageContaining("exec /bin/sh failed: ");
    }

    @Test
    void theVariablesOfACommandAreNotInWhatTheEngineShows() throws Exception {
        session.run(Command.of(workspace, "sh", "-c", "echo $TOKEN").env("TOKEN", "hunter2"), printed::writeBytes);

        String id = engine.containers().get(0).getId();
        String inspected = engine.ask(
                docker -> docker.inspectContainerCmd(id).exec().getRawValues().toString());
        String config = engine.ask(docker -> List.of(
                        docker.inspectContainerCmd(id).exec().getConfig().getEnv())
                .toString());
        assertThat(printed()).isEqualTo("hunter2\n");
        assertThat(inspected + config).doesNotContain("hunter2");
    }

    @Test
    void variablesNamedLikeThoseOfTheShellAroundTheCommandReachIt() throws Exception {
        session.run(
                Command.of(workspace, "sh", "-c", "echo $m $k $o $c $f")
                        .env("m", "1")
                        .env("k", "2")
                        .env("o", "3")
                        .env("c", "4")
                        .env("f", "5"),
                printed::writeBytes);

        assertThat(printed()).isEqualTo("1 2 3 4 5\n");
    }

    @Test
    void whatDetachedItselfIsGoneBeforeTheNextCommand() throws Exception {
        run(
                "sh",
                "-c",
                "setsid sh -c 'sleep 300 >/dev/null 2>&1 </dev/null &' & sleep 300 >/dev/null 2>&1 & echo done");
        run("sh", "-c", "ps -o args | grep -c '[s]leep'; true");

        assertThat(printed()).isEqualTo("done\n0\n");
        assertThat(engine.containers()).hasSize(1);
    }

    @Test
    void aCommandThatKillsAllItCanIsStoppedAsAWholeAndTheNextOneRuns() throws Exception {
        CommandResult killed =
                run("sh", "-c", "sleep 300 >/dev/null 2>&1 & echo begun; kill -9 $PPID; kill -9 -1; exit 3");
        CommandResult next = run("sh", "-c", "ps -o args | grep -c '[s]leep'; exit 4");

        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(next.exitCode()).isEqualTo(4);
        assertThat(printed()).isEqualTo("begun\n" + Sentences.END_MAY_BE_MISSING + "\n0\n");
        assertThat(engine.containers()).hasSize(1);
    }

    @Test
    void aCommandThatTakesTooLongIsAskedToEndFirstAndKeepsItsLastWords() {
        Command command = Command.of(workspace, "sh", "-c", "trap 'echo bye; exit 3' TERM; echo begun; sleep 60 & wait")
                .within(Duration.ofSeconds(2));

        assertThatThrownBy(() -> session.run(command, printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class)
                .hasMessageContaining("took longer than 2 s in " + engine.image() + " and was stopped");

        assertThat(printed()).isEqualTo("begun\nbye\n");
        assertThat(engine.containers()).hasSize(1);
    }

    @Test
    void whatFillsTheLimitOfProcessesIsGoneBeforeTheNextCommand() throws Exception {
        session.close();
        session = busybox.processes(40).open(SessionRequest.in(workspace));

        CommandResult full = run("sh", "-c", "while true; do sleep 300 >/dev/null 2>&1 & done 2>/dev/null");
        CommandResult next = run("sh", "-c", "ps -o args | grep -c '[s]leep'; exit 4");

        assertThat(full.exitCode()).isNotZero();
        assertThat(next.exitCode()).isEqualTo(4);
        assertThat(printed()).endsWith("0\n");
    }

    @Test
    void memoryThatOnlyAChildNeededIsSaidBesideTheExitCodeOfTheCommand() throws Exception {
        session.close();
        session = busybox.memoryMib(16).open(SessionRequest.in(workspace));

        CommandResult result = run("sh", "-c", "sh -c 'x=x; while true; do x=$x$x; done'; exit 3");
        CommandResult next = run("sh", "-c", "echo small; exit 4");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.lastLines())
                .last()
                .isEqualTo("out of memory: a process it started needed more than its limit of 16 MiB, and was killed");
        assertThat(next.exitCode()).isEqualTo(4);
        assertThat(next.lastLines()).containsExactly("small");
    }

    @Test
    void aContainerThatIsStoppedFromOutsideIsNoFailureOfTheCommand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = inBackground(begun, "sh", "-c", "echo begun; sleep 300");
        String id = engine.containers().get(0).getId();

        engine.ask(docker -> {
            docker.killContainerCmd(id).exec();
            return true;
        });

        assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("container " + id.substring(0, 12) + " ended under sh -c echo begun; sleep 300"
                        + " and not by its doing (exit code 137)");
        assertThat(run("sh", "-c", "exit 5").exitCode()).isEqualTo(5);
    }

    @Test
    void aContainerThatIsRestartedFromOutsideIsNoFailureOfTheCommand() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = inBackground(begun, "sh", "-c", "echo begun; sleep 300");
        String id = engine.containers().get(0).getId();

        engine.ask(docker -> {
            docker.restartContainerCmd(id).withTimeout(0).exec();
            return true;
        });

        assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("container " + id.substring(0, 12));
        assertThat(run("sh", "-c", "exit 5").exitCode()).isEqualTo(5);
    }

    @Test
    void aSessionThatIsClosedUnderACommandEndsIt() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = inBackground(begun, "sh", "-c", "echo begun; sleep 300");

        session.close();

        assertThat(engine.containers()).isEmpty();
        assertThatThrownBy(() -> running.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(InfrastructureException.class);
    }

    @Test
    void commandsOfTwoThreadsWaitForEachOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> first = inBackground(
                begun, "sh", "-c", "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo first >> order");
        FutureTask<CommandResult> second = new FutureTask<>(() -> run("sh", "-c", "echo second >> order"));
        new Thread(second).start();

        Files.createFile(workspace.resolve("go"));

        assertThat(first.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(second.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(workspace.resolve("order")).hasContent("first\nsecond");
    }

    @Test
    void aDirectoryOutsideTheWorkspaceIsRefused() {
        assertThatThrownBy(() -> session.run(Command.of(temporary, "true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage(temporary + " is not in the container: commands run in " + workspace + " or below it");
    }

    @Test
    void anImageWithoutAShellHasAContainerForEachCommand() throws Exception {
        String bare = engine.buildBareImage();
        session.close();
        session = DockerExecutor.container(bare).network("none").open(SessionRequest.in(workspace));
        Path inner = Files.createDirectory(workspace.resolve("inner"));
        try {
            CommandResult first = run("/busybox", "sh", "-c", "echo 1 > file; exit 7");
            CommandResult second = session.run(Command.of(inner, "/busybox", "cat", "../file"), printed::writeBytes);

            assertThat(first.exitCode()).isEqualTo(7);
            assertThat(second.exitCode()).isZero();
            assertThat(printed()).isEqualTo("1\n");
            assertThat(engine.containers()).isEmpty();
        } finally {
            engine.removeImages(bare.substring(0, bare.indexOf(':')));
        }
    }

    @Test
    void aTagThatMovesInTheMiddleOfARunMeansWhatItMeantAtFirst() throws Exception {
        String repository = "nonevent-test/moving-" + ProcessHandle.current().pid();
        String bare = engine.buildBareImage();
        DockerExecutor executor = DockerExecutor.container(repository + ":1").network("none");
        Pins run = new Pins();
        tag(engine.image(), repository);
        try (Session first = executor.open(new SessionRequest(workspace, run, List.of()));
                Session second = executor.open(new SessionRequest(workspace, run, List.of()));
                Session another = executor.open(SessionRequest.in(workspace))) {
            Command which = Command.of(workspace, "sh", "-c", "test -e /bin/ls && echo the first");
            first.run(which, printed::writeBytes);
            tag(bare, repository);

            second.run(which, printed::writeBytes);

            assertThat(printed()).isEqualTo("the first\nthe first\n");
            assertThatThrownBy(() -> another.run(which, bytes -> {})).isInstanceOf(InfrastructureException.class);
        } finally {
            engine.removeImages(repository);
            engine.removeImages(bare.substring(0, bare.indexOf(':')));
        }
    }

    @Test
    void whatIsMountedFromThisMachineIsThereToReadOnly() throws Exception {
        Path shared = Files.writeString(temporary.resolve("shared.txt"), "from outside\n");
        Path open = Files.createDirectory(temporary.resolve("open"));
        session.close();
        session = busybox.cpus(0.5)
                .mountFromThisMachine(shared, "/shared.txt")
                .mountWritableFromThisMachine(open, "/open")
                .open(SessionRequest.in(workspace));

        run("sh", "-c", "cat /shared.txt; echo x >> /shared.txt || echo refused; echo y > /open/file");
        Container container = engine.containers().get(0);

        assertThat(printed()).startsWith("from outside\n").endsWith("refused\n");
        assertThat(shared).hasContent("from outside");
        assertThat(open.resolve("file")).hasContent("y");
        Long nanoCpus = engine.ask(docker -> docker.inspectContainerCmd(container.getId())
                .exec()
                .getHostConfig()
                .getNanoCPUs());
        assertThat(nanoCpus).isEqualTo(500_000_000L);
    }

    private void tag(String image, String repository) {
        engine.ask(docker -> {
            docker.tagImageCmd(image, repository, "1").exec();
            return true;
        });
    }

    private FutureTask<CommandResult> inBackground(CountDownLatch begun, String... argv) throws InterruptedException {
        FutureTask<CommandResult> running =
                new FutureTask<>(() -> session.run(Command.of(workspace, argv), bytes -> begun.countDown()));
        Thread thread = new Thread(running);
        thread.setDaemon(true);
        thread.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        return running;
    }

    private CommandResult run(String... argv) throws InterruptedException {
        return session.run(Command.of(workspace, argv), printed::writeBytes);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
