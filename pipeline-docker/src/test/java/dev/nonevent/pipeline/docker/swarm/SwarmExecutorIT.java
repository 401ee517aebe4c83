package dev.nonevent.pipeline.docker.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.docker.contract.BusyboxImage;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SocketRelay;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a swarm of two nodes, which share this machine's files and are told apart by their network. */
@NeedsPrivateEngine
@Timeout(180)
class SwarmExecutorIT {

    private static PrivateSwarm swarm;
    private static String image;
    private static TaskInventory inventory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @TempDir
    Path workspace;

    private SwarmExecutor executor;

    /** Runs a command in a process of its own; prints a line when it is under way. */
    static final class Other {
        public static void main(String... args) throws Exception {
            Path workspace = Path.of(args[2]);
            SwarmExecutor.swarmTask(args[0])
                    .engine(URI.create(args[1]))
                    .run(
                            Command.of(workspace, "sh", "-c", "echo begun; sleep 300")
                                    .env("TOKEN", "x"),
                            bytes -> {
                                System.out.write(bytes, 0, bytes.length);
                                System.out.flush();
                            });
        }
    }

    @BeforeAll
    static void startASwarm() throws Exception {
        swarm = PrivateSwarm.start(2);
        image = swarm.busybox();
        inventory = new TaskInventory(swarm);
    }

    @AfterAll
    static void endIt() throws Exception {
        if (swarm != null) {
            swarm.close();
        }
    }

    @BeforeEach
    void onTheManager() {
        executor =
                SwarmExecutor.swarmTask(image).engine(swarm.manager().address()).grace(Duration.ofSeconds(1));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        inventory.awaitEmpty();
    }

    @Test
    void theExitCodeTellsHowTheCommandEndedAndTheOutputWhy() throws Exception {
        assertThat(run("exit 0").exitCode()).isZero();
        assertThat(run("exit 7").exitCode()).isEqualTo(7);

        CommandResult killed = run("kill -9 $$");
        assertThat(killed.exitCode()).isEqualTo(137);
        assertThat(killed.lastLines()).isEmpty();
        assertThat(run("trap 'kill 0' EXIT; exit 3").exitCode())
                .as("its own doing")
                .isEqualTo(143);

        executor = executor.memoryMib(16);
        CommandResult outOfMemory = run("x=x; while true; do x=$x$x; done");
        assertThat(outOfMemory.exitCode()).isNotZero();
        assertThat(outOfMemory.lastLines())
                .last()
                .asString()
                .startsWith("out of memory: ")
                .contains("its limit of 16 MiB");
    }

    @Test
    void aHundredThousandLinesArriveCompleteAndInOrder() throws Exception {
        CommandResult result =
                run("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); echo out $i; echo err $i >&2; done; printf end");

        String expected = IntStream.rangeClosed(1, 50_000)
                .mapToObj(i -> "out " + i + "\nerr " + i + "\n")
                .collect(Collectors.joining());
        assertThat(printed().equals(expected + "end"))
                .as("complete, in order, once")
                .isTrue();
        assertThat(result.lastLines()).hasSize(50).endsWith("err 50000", "end");
    }

    @Test
    void outputGoesOnWithoutAGapWhenTheConnectionWasCut() throws Exception {
        Path socket = workspace.resolve("relay.sock");
        try (SocketRelay relay =
                SocketRelay.to(Path.of(swarm.manager().address().getPath()), socket)) {
            executor = executor.engine(URI.create("unix://" + socket));
            CountDownLatch half = new CountDownLatch(1);
            FutureTask<CommandResult> running = inBackground(
                    "i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo line $i; [ $i != 20 ] || while [ ! -e go ]; do"
                            + " sleep 0.05; done; done",
                    bytes -> {
                        printed.writeBytes(bytes);
                        if (printed().contains("line 20\n")) {
                            half.countDown();
                        }
                    });
            assertThat(half.await(60, TimeUnit.SECONDS)).isTrue();

            relay.cut();
            Files.createFile(workspace.resolve("go"));

            assertThat(running.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        }
        assertThat(printed().lines())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 40).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void aCommandIsTheOwnersWithoutAnyPrivilegeAndWithinItsLimits() throws Exception {
        Files.setAttribute(workspace, "unix:uid", 1234);
        Files.setAttribute(workspace, "unix:gid", 2345);
        executor = executor.readOnly().processes(20).env("MODE", "test");

        run(
                "id -u; id -g; echo x > $HOME/file && echo $HOME; echo y > out.txt; echo no 2>/dev/null > /no || echo read-only;"
                        + " grep -E 'CapEff|CapBnd' /proc/self/status | tr -d '\\t'; echo $MODE ${TINI_KILL_PROCESS_GROUP-unset};"
                        + " cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null");

        assertThat(printed())
                .isEqualTo("1234\n2345\n/home/nonevent\nread-only\nCapEff:0000000000000000\nCapBnd:0000000000000000\n"
                        + "test unset\n20\n");
        assertThat(Files.getAttribute(workspace.resolve("out.txt"), "unix:uid")).isEqualTo(1234);
    }

    @Test
    void aConstraintThatNoNodeSatisfiesIsSaidInSwarmsWords() {
        executor = executor.constraint("node.labels.gpu==yes").placedWithin(Duration.ofSeconds(1));

        assertThatThrownBy(() -> run("true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("Swarm had no node for sh -c true within 1 s: no suitable node (")
                .hasMessageContaining("scheduling constraints not satisfied on 2 nodes")
                .hasMessageContaining("workspaceOnEveryNode()");
    }

    @Test
    void whatNoNodeHasFreeIsSaidInSwarmsWords() {
        executor = executor.cpus(9999).placedWithin(Duration.ofSeconds(1));

        assertThatThrownBy(() -> run("true"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("insufficient resources");
    }

    @Test
    void ofTwoThatNeedMostOfTheNodeOneWaitsForTheOther() throws Exception {
        executor = executor.cpus(0.6 * inventory.processors());
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> first = inBackground(
                "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo first >> order", bytes -> begun.countDown());
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        FutureTask<CommandResult> second = inBackground("echo second >> order", bytes -> {});
        inventory.awaitPending();

        Files.createFile(workspace.resolve("go"));

        assertThat(first.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(second.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(workspace.resolve("order")).hasContent("first\nsecond");
    }

    @Test
    void withItsWorkspaceOnEveryNodeACommandRunsWhereItsConstraintSays() throws Exception {
        executor = SwarmExecutor.swarmTask(inventory.idOf(image))
                .engine(swarm.manager().address())
                .workspaceOnEveryNode()
                .constraint("node.role==worker");

        CommandResult result =
                executor.run(shell("echo $WORD; echo there > file; exit 3").env("WORD", "hello"), printed::writeBytes);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(printed()).startsWith("hello\n");
        assertThat(workspace.resolve("file")).hasContent("there");
    }

    @Test
    void anImageThatOnlyThisNodeHasIsRefusedForOthers() throws Exception {
        assertThatThrownBy(() -> executor.workspaceOnEveryNode().run(shell("true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is in no registry")
                .hasMessageContaining("push it");

        try (Engine manager = swarm.manager().connect()) {
            BusyboxImage.build(manager, "nonevent-test/only-here:1", Map.of("only", "here"));
        }
        SwarmExecutor elsewhere = SwarmExecutor.swarmTask(inventory.idOf("nonevent-test/only-here:1"))
                .engine(swarm.manager().address())
                .workspaceOnEveryNode()
                .constraint("node.role==worker");

        assertThatThrownBy(() -> elsewhere.run(shell("true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("Swarm could not start the task of sh -c true in sha256:")
                .hasMessageContaining("(rejected): No such image");
    }

    @Test
    void anImageWithoutAShellIsRefusedWithTheReason() throws Exception {
        try (Engine manager = swarm.manager().connect()) {
            BusyboxImage.buildBare(manager, "nonevent-test/bare:1", Map.of());
        }
        SwarmExecutor bare = SwarmExecutor.swarmTask("nonevent-test/bare:1")
                .engine(swarm.manager().address());

        assertThatThrownBy(() -> bare.run(Command.of(workspace, "/busybox", "true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("nonevent-test/bare:1 has no /bin/sh");
    }

    @Test
    void aCommandThatTakesTooLongIsAskedToEndAndLeavesNothing() throws Exception {
        Command polite = shell("trap 'echo bye > asked; exit' TERM; echo on; while true; do sleep 0.05; done")
                .within(Duration.ofSeconds(1));

        assertThatThrownBy(() -> executor.grace(Duration.ofSeconds(20)).run(polite, printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class);

        assertThat(printed()).startsWith("on\n");
        assertThat(workspace.resolve("asked")).hasContent("bye");
        assertThat(inventory.containers()).as("of a command that was stopped").isEmpty();
    }

    @Test
    void aCommandWhoseServiceIsRemovedOrWhoseContainerIsKilledHasNotFailed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> removed = inBackground("echo begun; sleep 300", bytes -> begun.countDown());
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        inventory.removeServices();
        assertThatThrownBy(() -> removed.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InfrastructureException.class)
                .hasMessageContaining("sh -c");

        CountDownLatch again = new CountDownLatch(1);
        FutureTask<CommandResult> killed = inBackground("echo begun; sleep 300", bytes -> again.countDown());
        assertThat(again.await(60, TimeUnit.SECONDS)).isTrue();
        inventory.killContainers();
        assertThatThrownBy(() -> killed.get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(InfrastructureException.class)
                .hasMessageContaining("and not by its doing");
    }

    @Test
    void whatSwarmShowsOfACommandNeverHoldsItsVariables() throws Exception {
        Command command =
                shell("echo ${#TOKEN}; while [ ! -e go ]; do sleep 0.05; done").env("TOKEN", "hunter2-it's-\u00fc");
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<CommandResult> running = inBackground(command, bytes -> {
            printed.writeBytes(bytes);
            begun.countDown();
        });
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

        String shown = inventory.everythingShown();

        Files.createFile(workspace.resolve("go"));
        assertThat(running.get(60, TimeUnit.SECONDS).exitCode()).isZero();
        assertThat(printed()).matches("1[45]\n");
        assertThat(shown).contains("nonevent-variables", "while [ ! -e go ]").doesNotContain("hunter2");
    }

    @Test
    void anEngineThatIsNoManagerIsNamedWithTheWayOut() {
        SwarmExecutor atTheWorker = executor.engine(swarm.nodes().get(1).address());

        assertThatThrownBy(() -> atTheWorker.run(shell("true"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageEndingWith("is no manager of a swarm; it is a worker: name a manager with engine(…)");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNextCommandAndWhatALivingOneHasIsNot() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        image,
                        swarm.manager().address().toString(),
                        workspace.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] said = other.getInputStream().readNBytes(6);
            assertThat(new String(said, StandardCharsets.UTF_8)).isEqualTo("begun\n");

            run("true");
            assertThat(inventory.services()).as("of a living process").hasSize(1);
        } finally {
            assertThat(other.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(inventory.services()).as("of a killed process").hasSize(1);

        run("true");

        inventory.awaitEmpty();
    }

    private Command shell(String script) {
        return Command.of(workspace, "sh", "-c", script);
    }

    private CommandResult run(String script) throws InterruptedException {
        return executor.run(shell(script), printed::writeBytes);
    }

    private FutureTask<CommandResult> inBackground(String script, CommandOutput output) {
        return inBackground(shell(script), output);
    }

    private FutureTask<CommandResult> inBackground(Command command, CommandOutput output) {
        FutureTask<CommandResult> running = new FutureTask<>(() -> executor.run(command, output));
        Thread thread = new Thread(running);
        thread.setDaemon(true);
        thread.start();
        return running;
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
