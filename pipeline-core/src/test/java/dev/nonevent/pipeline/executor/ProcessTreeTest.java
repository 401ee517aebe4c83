package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProcessTreeTest {

    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));
    private static final Duration AT_ONCE = Duration.ZERO;

    @TempDir
    Path directory;

    private final String marker = "test/" + UUID.randomUUID();
    private final List<ProcessTree> started = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        started.forEach(tree -> tree.stop(AT_ONCE));
        assertThat(ProcessTree.withMarker(marker)).isEmpty();
    }

    @Test
    void leadsItsOwnSessionAndGroupUnderThePidWeKnow() throws Exception {
        ProcessTree tree = shell("echo ready; sleep 600");

        awaitOutput("ready");

        ProcessTable.Entry entry = ProcessTable.system().entry(tree.pid()).orElseThrow();
        assertThat(entry.session()).isEqualTo(tree.pid());
        assertThat(entry.group()).isEqualTo(tree.pid());
    }

    @Test
    void isFoundAgainByItsIdentity() throws Exception {
        ProcessTree tree = shell("echo ready; sleep 600");
        awaitOutput("ready");

        ProcessTree found = ProcessTree.find(tree.identity()).orElseThrow();

        assertThat(found.pid()).isEqualTo(tree.pid());
        assertThat(found.marker()).isEqualTo(marker);
        assertThat(found.isAlive()).isTrue();
        assertThat(found.waitFor(Duration.ofMillis(20))).isFalse();
        assertThat(found.stop(Duration.ofSeconds(5))).isEmpty();
        assertThat(tree.isAlive()).isFalse();
        assertThat(found.waitFor(AT_ONCE)).isTrue();
        assertThat(found.exitCode()).isEmpty();
    }

    @Test
    void anotherProcessUnderTheSamePidIsNotFound() {
        ProcessTree tree = shell("sleep 600");
        String sameNumber = tree.pid() + "@1." + tree.identity().split("\\.")[1];

        assertThat(ProcessTree.find(sameNumber)).isEmpty();
        assertThat(ProcessTree.find(tree.identity())).isPresent();
    }

    @Test
    void anEndedProcessIsNotFound() throws Exception {
        ProcessTree tree = shell("exit 7");

        assertThat(tree.waitFor(Duration.ofSeconds(20))).isTrue();

        assertThat(tree.exitCode()).hasValue(7);
        assertThat(ProcessTree.find(tree.identity())).isEmpty();
    }

    @Test
    void aZombieCountsAsDead() throws Exception {
        ProcessTree parent = shell("sh -c 'echo $$; exec true' & exec tail -f /dev/null");
        await(() -> !output().isBlank());
        long zombie = Long.parseLong(output().strip());

        await(() -> rawStat(zombie).contains(") Z "));

        assertThat(ProcessTable.system().entry(zombie)).isEmpty();
        assertThat(parent.living()).extracting(ProcessTree.Member::pid).doesNotContain(zombie);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo ready; sleep 600 & wait",
                "(sleep 600 & sleep 600 &) ; echo ready; sleep 600",
                "setsid sleep 600 & setsid setsid sleep 600 & echo ready; sleep 600",
                "sleep 600 & setsid sleep 600 & echo ready; exit 0",
            })
    void nothingOfTheTreeOutlivesItsStop(String shape) throws Exception {
        ProcessTree tree = shell(shape);
        awaitOutput("ready");
        await(() -> ProcessTree.withMarker(marker).size() > 1);

        List<ProcessTree.Member> survivors = tree.stop(Duration.ofSeconds(5));

        assertThat(survivors).isEmpty();
        assertThat(ProcessTree.withMarker(marker)).isEmpty();
        assertThat(tree.isAlive()).isFalse();
    }

    @Test
    void whatIsForkedBehindTheBackOfTheStopIsAskedToEndToo() throws Exception {
        ProcessTree tree = shell("trap 'setsid sleep 600 & exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        awaitOutput("ready");
        long before = System.nanoTime();

        assertThat(tree.stop(Duration.ofSeconds(20))).isEmpty();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatLeavesTheGroupWhileTheGroupIsSignalledIsAskedToEndToo() throws Exception {
        ProcessTree group = shell("sleep 600 & echo ready; wait");
        awaitOutput("ready");
        ProcessTree left = start(marker + "/left", "sleep", "600");
        await(() -> group.living().size() == 3);
        Stopping stopping = new Stopping(
                dev.nonevent.pipeline.time.TimeSource.system(),
                () -> {
                    Look look = TreeMembers.withMarker(ProcessTable.system(), marker);
                    return new Look(
                            look.members().stream()
                                    .map(now -> new ProcessTable.Entry(
                                            now.pid(),
                                            group.pid(),
                                            now.session(),
                                            now.started(),
                                            now.program(),
                                            now.memory()))
                                    .toList(),
                            look.unknown());
                },
                group.pid());
        long before = System.nanoTime();

        assertThat(stopping.stop(Duration.ofSeconds(20)).isClear()).isTrue();

        assertThat(left.isAlive()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whatIgnoresTermIsKilledAfterTheGrace() throws Exception {
        ProcessTree tree = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
        awaitOutput("ready");

        assertThat(tree.stop(Duration.ofMillis(200))).isEmpty();

        assertThat(tree.waitFor(AT_ONCE)).isTrue();
        assertThat(tree.exitCode()).hasValue(128 + 9);
    }

    @Test
    void whatEndsOnTermMayEndInItsOwnWay() throws Exception {
        ProcessTree tree = shell("trap 'echo goodbye; exit 3' TERM; echo ready; while :; do sleep 0.05; done");
        awaitOutput("ready");

        assertThat(tree.stop(Duration.ofSeconds(10))).isEmpty();

        assertThat(tree.exitCode()).hasValue(3);
        assertThat(output()).contains("goodbye");
    }

    @Test
    void aGroupMemberThatHidesItsEnvironmentIsStillFound() throws Exception {
        ProcessTree tree = shell("env -i sleep 600 & echo ready; exit 0");
        awaitOutput("ready");
        tree.waitFor(Duration.ofSeconds(20));
        await(() -> tree.living().size() == 1);

        assertThat(tree.stop(Duration.ofSeconds(5))).isEmpty();

        assertThat(tree.living()).isEmpty();
    }

    @Test
    void whatTheDeadRootLeftIsStoppedByItsMarker() throws Exception {
        ProcessTree tree = shell("setsid sleep 600 & echo ready; exit 0");
        awaitOutput("ready");
        tree.waitFor(Duration.ofSeconds(20));
        await(() -> ProcessTree.withMarker(marker).stream()
                .anyMatch(each -> each.program().equals("sleep")));

        assertThat(ProcessTree.stopMarked(marker, Duration.ofSeconds(5))).isEmpty();

        assertThat(ProcessTree.withMarker(marker)).isEmpty();
    }

    @Test
    void aMarkerFindsThoseThatContinueItButNoNeighbour() {
        ProcessTree inner = start(marker + "/inner", "sleep", "600");
        ProcessTree neighbour = start(marker + "-2", "sleep", "600");

        assertThat(ProcessTree.withMarker(marker))
                .extracting(ProcessTree.Member::identity)
                .containsExactly(inner.identity());
        assertThat(ProcessTree.withMarker(neighbour.marker())).hasSize(1);
    }

    @Test
    void anInterruptDoesNotShortenAStopAndIsKept() throws Exception {
        ProcessTree tree = shell("trap '' TERM; echo ready; while :; do sleep 1; done");
        awaitOutput("ready");

        Thread.currentThread().interrupt();
        List<ProcessTree.Member> survivors = tree.stop(Duration.ofMillis(50));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(survivors).isEmpty();
        assertThat(tree.isAlive()).isFalse();
    }

    @Test
    void inputIsEmptyAndOutputIsAppended() throws Exception {
        Files.writeString(log(), "before\n");

        ProcessTree tree = shell("cat; echo out; echo err >&2");
        tree.waitFor(Duration.ofSeconds(20));

        assertThat(output()).isEqualTo("before\nout\nerr\n");
    }

    @Test
    void theEnvironmentIsWhatWasGivenAndTheMarker() throws Exception {
        ProcessTree tree = ProcessTree.start(List.of("/usr/bin/env"), directory, Map.of("A", "b c"), log(), marker);
        tree.waitFor(Duration.ofSeconds(20));

        assertThat(output().lines()).containsExactlyInAnyOrder("A=b c", "PIPELINE_TREE=" + marker);
    }

    @Test
    void aProgramWithAWildNameIsAProgramAndNoOption() throws Exception {
        Path program = Files.writeString(directory.resolve("--wait"), "#!/bin/sh\necho \"started $1\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

        ProcessTree tree = ProcessTree.start(
                List.of("--wait", "--version"), directory, Map.of("PATH", directory + ":/bin"), log(), marker);
        tree.waitFor(Duration.ofSeconds(20));

        assertThat(output()).isEqualTo("started --version\n");
    }

    @Test
    void eachReasonNotToStartIsASentence() throws Exception {
        Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
        Path orphan = Files.writeString(directory.resolve("orphan"), "#!/no/such/interpreter -x\n");
        Files.setPosixFilePermissions(orphan, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> start(marker, "no-such-program"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("cannot start no-such-program: there is no such program on the PATH (");
        assertThatThrownBy(() -> start(marker, "./missing"))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("cannot start ./missing: there is no such file (seen from " + directory + ")");
        assertThatThrownBy(() -> start(marker, plain.toString()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("is not an executable file; chmod +x it");
        assertThatThrownBy(() -> start(marker, orphan.toString()))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the interpreter /no/such/interpreter, which is not here");
        assertThatThrownBy(() -> start(marker, "true", "x".repeat(3_000_000)))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("cannot start true: its arguments and environment are longer than this system allows;"
                        + " pass them in a file");
        assertThatThrownBy(() ->
                        ProcessTree.start(List.of("true"), directory.resolve("nowhere"), ENVIRONMENT, log(), marker))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("the directory " + directory.resolve("nowhere") + " does not exist");
    }

    @Test
    void anEnvironmentThatCannotBeDoesNotPrintItsValue() {
        assertThatThrownBy(() ->
                        ProcessTree.start(List.of("true"), directory, Map.of("TOKEN", "hunter2\0"), log(), marker))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TOKEN")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void whatIsNoIdentityIsRefused() {
        assertThatThrownBy(() -> ProcessTree.find("4711"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"4711\" is not the identity of a process: pid@start");
    }

    @Test
    void aTreeThatForksAsFastAsItCanIsStopped() throws Exception {
        ProcessTree tree = shell("f() { sleep 0.01 & }; echo ready; while :; do f; f; f; wait; done");
        awaitOutput("ready");

        assertThat(tree.stop(AT_ONCE)).isEmpty();

        assertThat(ProcessTree.withMarker(marker)).isEmpty();
    }

    @Test
    void theServiceLivesOnWhenTheJvmThatStartedItIsKilled() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process deployer = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Deployer.class.getName(),
                        directory.toString(),
                        marker)
                .redirectOutput(directory.resolve("identity").toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        await(() -> text(directory.resolve("identity")).endsWith("\n"));
        String identity = text(directory.resolve("identity")).strip();

        deployer.destroyForcibly().waitFor();

        assertThat(ProcessTree.withMarker(marker))
                .extracting(ProcessTree.Member::identity)
                .containsExactly(identity);
        ProcessTree service = ProcessTree.find(identity).orElseThrow();
        assertThat(service.stop(Duration.ofSeconds(5))).isEmpty();
        assertThat(service.isAlive()).isFalse();
    }

    /** A program that starts a service and waits to be killed. */
    static final class Deployer {

        public static void main(String[] args) throws InterruptedException {
            Path directory = Path.of(args[0]);
            ProcessTree tree = ProcessTree.start(
                    List.of("sleep", "600"), directory, ENVIRONMENT, directory.resolve("log"), args[1]);
            System.out.println(tree.identity());
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private ProcessTree shell(String script) {
        return start(marker, "sh", "-c", script);
    }

    private ProcessTree start(String marker, String... argv) {
        ProcessTree tree = ProcessTree.start(List.of(argv), directory, ENVIRONMENT, log(), marker);
        started.add(tree);
        return tree;
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String output() {
        return text(log());
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String rawStat(long pid) {
        return text(Path.of("/proc/" + pid + "/stat"));
    }

    private void awaitOutput(String text) throws InterruptedException {
        await(() -> output().contains(text));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
