package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LocalExecutorTest {

    private static final String OUTER = "test-outer-" + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CommandExecutor executor = executor(Duration.ofMillis(300), 1L << 30);

    @AfterEach
    void nothingIsLeft() {
        assertThat(ProcessTree.withMarker(OUTER)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 600 & ",
                "(sleep 600 & sleep 600 &) ; ",
                "setsid sleep 600 & setsid setsid sleep 600 & ",
                "(setsid sh -c 'sleep 600 & sleep 600 & exit 0' &) ; ",
                "trap '' TERM; sleep 600 & ",
            })
    void nothingOutlivesACommandHoweverItEnds(String children) throws Exception {
        assertThat(run(shell(children + "exit 0")).succeeded()).isTrue();
        assertThat(ProcessTree.withMarker(OUTER)).isEmpty();

        assertThatThrownBy(() -> run(shell(children + "sleep 600").within(Duration.ofMillis(300))))
                .isInstanceOf(CommandTimedOutException.class)
                .hasMessageEndingWith("took longer than 300 ms and was stopped");
        assertThat(ProcessTree.withMarker(OUTER)).isEmpty();
    }

    @Test
    void aGrandchildThatKeepsTheOutputOpenDoesNotHoldUsUp() throws Exception {
        long before = System.nanoTime();

        CommandResult result = run(shell("(while :; do echo noise; sleep 0.01; done) & echo main"));

        assertThat(result.succeeded()).isTrue();
        assertThat(text()).contains("main\n");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aMillionLinesArriveCompleteAndInOrder() throws Exception {
        AtomicLong sum = new AtomicLong();

        CommandResult result = executor.run(Command.of(directory, "seq", "1000000"), bytes -> {
            printed.writeBytes(bytes);
            sum.addAndGet(bytes.length);
        });

        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 1_000_000; i++) {
            expected.append(i).append('\n');
        }
        assertThat(sum.get()).isEqualTo(expected.length());
        assertThat(text().contentEquals(expected)).isTrue();
        assertThat(result.lastLines()).hasSize(50).endsWith("1000000");
    }

    @Test
    void bytesThatAreNoTextArriveAsTheyAre() throws Exception {
        byte[] wild = new byte[70_000];
        for (int i = 0; i < wild.length; i++) {
            wild[i] = (byte) (i * 31 + i / 256);
        }
        Files.write(directory.resolve("wild"), wild);

        CommandResult result = run(Command.of(directory, "cat", "wild"));

        assertThat(printed.toByteArray()).isEqualTo(wild);
        assertThat(result.lastLines()).isNotEmpty();
    }

    @Test
    void oneHugeLineArrivesAndIsShortenedInTheResultOnly() throws Exception {
        CommandResult result = run(shell("head -c 5000000 /dev/zero | tr '\\0' x"));

        assertThat(printed.size()).isEqualTo(5_000_000);
        assertThat(result.lastLines()).hasSize(1);
        assertThat(result.lastLines().get(0)).hasSize(2_001).endsWith("…");
    }

    @Test
    void ofALineThatRewritesItselfTheLastStateIsKept() throws Exception {
        CommandResult result = run(shell("printf 'one\\r\\n10%%\\r50%%\\r100%%\\nend'"));

        assertThat(result.lastLines()).containsExactly("one", "100%", "end");
    }

    @Test
    void aCommandThatIgnoresTermIsKilledAfterTheGrace() {
        assertThatThrownBy(() -> run(shell("trap '' TERM; echo up; while :; do sleep 1; done")
                        .within(Duration.ofMillis(500))))
                .isInstanceOf(CommandTimedOutException.class);
        assertThat(text()).isEqualTo("up\n");
    }

    @Test
    void whatACommandSaysWhenItIsStoppedArrives() {
        CommandExecutor patient = executor(Duration.ofSeconds(20), 1L << 30);

        assertThatThrownBy(() -> patient.run(
                        shell("trap 'echo goodbye; exit 0' TERM; echo up; while :; do sleep 0.05; done")
                                .within(Duration.ofMillis(500)),
                        printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class);
        assertThat(text()).startsWith("up\n").endsWith("goodbye\n");
    }

    @Test
    void whatBecomesAnotherProgramAfterItWasAskedIsAskedAgain() {
        CommandExecutor patient = executor(Duration.ofSeconds(20), 1L << 30);
        Command command = shell("trap 'exec tail -f /dev/null' TERM; while :; do sleep 0.05; done");
        long before = System.nanoTime();

        assertThatThrownBy(() -> patient.run(command.within(Duration.ofMillis(500)), printed::writeBytes))
                .isInstanceOf(CommandTimedOutException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aFloodOfOutputDoesNotOutrunTheTimeout() {
        AtomicLong seen = new AtomicLong();

        assertThatThrownBy(() -> executor.run(
                        Command.of(directory, "yes").within(Duration.ofMillis(200)),
                        bytes -> seen.addAndGet(bytes.length)))
                .isInstanceOf(CommandTimedOutException.class);
        assertThat(seen.get()).isPositive();
    }

    @Test
    void moreOutputThanTheDiskShouldHoldStopsTheCommand() {
        CommandExecutor small = executor(Duration.ofMillis(300), 1 << 20);

        assertThatThrownBy(() -> small.run(Command.of(directory, "yes"), bytes -> {}))
                .isInstanceOf(InfrastructureException.class)
                .hasMessage("yes printed more than 1 MiB and was stopped; let it write to a file of its own");
    }

    @Test
    void anOutputThatFailsStopsTheCommand() {
        assertThatThrownBy(() -> executor.run(shell("echo up; sleep 600"), bytes -> {
                    throw new UncheckedIOException(new IOException("disk full"));
                }))
                .hasMessageContaining("disk full");
    }

    @Test
    void theEnvironmentIsPathHomeLangTzAndWhatWasDeclared() throws Exception {
        run(Command.of(directory, "env").env("A", "1"));

        assertThat(text().lines().map(line -> line.substring(0, line.indexOf('='))))
                .containsExactlyInAnyOrder("PATH", "HOME", "LANG", "TZ", "A", "PIPELINE_TREE");
        assertThat(text()).contains("TZ=UTC").doesNotContain("SECRET_OF_THE_MACHINE");
    }

    @Test
    void homeIsAPrivateEmptyDirectoryThatIsGoneAfterwards() throws Exception {
        run(shell("ls -A $HOME | wc -l; ls -ld $HOME/.. | cut -c1-10; mkdir -p $HOME/a/b; touch $HOME/a/b/c;"
                + " ln -s " + directory + " $HOME/link; chmod 500 $HOME/a/b; echo $HOME"));

        List<String> lines = text().lines().toList();
        assertThat(lines.get(0).strip()).isEqualTo("0");
        assertThat(lines.get(1)).isEqualTo("drwx------");
        assertThat(Path.of(lines.get(2))).doesNotExist();
        assertThat(Path.of(lines.get(2)).getParent()).doesNotExist();
        assertThat(directory).exists();
    }

    @Test
    void anInterruptThatCameBeforeTheStartCounts() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> run(Command.of(directory, "sleep", "600")))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("sleep 600 was interrupted and stopped");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aCommandInACommandIsFoundByTheOuterMarker() throws Exception {
        run(Command.of(directory, "env"));

        assertThat(text()).containsPattern("PIPELINE_TREE=" + OUTER + "/jvm-\\d+-[0-9a-f.]+/pipeline-\\d+");
    }

    @Test
    void manyAtOnceLeaveNothingAndMixNothing() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> runs = new java.util.ArrayList<>();
            for (int i = 0; i < 64; i++) {
                int code = i;
                runs.add(() -> executor.run(shell("setsid sleep 600 & exit " + code), bytes -> {})
                        .exitCode());
            }

            int[] codes = pool.invokeAll(runs).stream().mapToInt(this::value).toArray();

            assertThat(codes)
                    .containsExactly(java.util.stream.IntStream.range(0, 64).toArray());
        } finally {
            pool.shutdownNow();
        }
    }

    private int value(java.util.concurrent.Future<Integer> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private CommandResult run(Command command) throws InterruptedException {
        return executor.run(command, printed::writeBytes);
    }

    private Command shell(String script) {
        return Command.of(directory, "sh", "-c", script);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static CommandExecutor executor(Duration grace, long mostOutput) {
        Map<String, String> machine =
                Map.of("PATH", System.getenv("PATH"), "SECRET_OF_THE_MACHINE", "x", ProcessTree.VARIABLE, OUTER);
        return new LocalExecutor(TimeSource.system(), machine, grace, mostOutput);
    }
}
