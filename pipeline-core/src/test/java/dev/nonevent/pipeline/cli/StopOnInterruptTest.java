package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real process, stopped as a person or a machine stops it. */
@Timeout(120)
class StopOnInterruptTest {

    @TempDir
    Path home;

    private Process process;

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void whoeverStopsTheProcessGetsTheCleanupTheTableAndExitCode3(String signal) throws Exception {
        start("wait");
        List<String> lines = new java.util.ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains("wait  started")) {
                    awaitStarted();
                    signal(signal);
                }
            }
        }

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(3);
        assertThat(lines).anyMatch(line -> line.contains("wait") && line.contains("ABORTED"));
        assertThat(home.resolve("cleaned")).exists();
        long child = Long.parseLong(Files.readString(home.resolve("child")).trim());
        assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"INT,INT,130", "INT,TERM,143"})
    void whoAsksASecondTimeGetsEverythingKilledAtOnce(String first, String second, int exitCode) throws Exception {
        start("stubborn");
        String marker = "";
        List<String> lines = new java.util.ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains("stubborn  started")) {
                    awaitStarted();
                    marker = Files.readString(home.resolve("child")).strip();
                    assertThat(ProcessTree.withMarker(marker)).hasSizeGreaterThan(1);
                    signal(first);
                } else if (line.startsWith("stopping;")) {
                    signal(second);
                }
            }
        }

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", lines)).isEqualTo(exitCode);
        assertThat(lines).noneMatch(line -> line.contains("still alive"));
        assertThat(ProcessTree.withMarker(marker)).isEmpty();
    }

    @Test
    void aProcessThatIsNotStoppedEndsAsItsRun() throws Exception {
        start("pass");
        process.getInputStream().readAllBytes();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private void start(String what) throws IOException {
        // A build started in the background ignores Ctrl-C, and its children with it.
        process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        home.toString(),
                        what)
                .redirectErrorStream(true)
                .start();
    }

    /** The line says that the stage has begun; its command writes its own number a moment later. */
    private void awaitStarted() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Path child = home.resolve("child");
        while (!Files.exists(child) || !Files.readString(child).endsWith("\n")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void signal(String signal) throws IOException {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .onExit()
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join()
                        .exitValue())
                .isZero();
    }

    /** A team's main. */
    static final class Waiting {

        private Waiting() {}

        public static void main(String... args) {
            Path home = Path.of(args[0]);
            Pipeline pipeline = Pipeline.define("waiting", p -> {
                if (args[1].equals("pass")) {
                    p.stage("pass").run(ctx -> 1);
                    return;
                }
                if (args[1].equals("stubborn")) {
                    p.stage("stubborn")
                            .run(ctx -> ctx.exec(
                                            "sh",
                                            "-c",
                                            "trap '' TERM INT; setsid sleep 600 & echo \"$PIPELINE_TREE\" > '" + home
                                                    + "/child'; while :; do sleep 1; done")
                                    .line());
                    return;
                }
                p.stage("wait")
                        .cleanup(ctx -> Files.writeString(home.resolve("cleaned"), "yes"))
                        .run(ctx -> ctx.exec("sh", "-c", "echo $$ > '" + home + "/child'; exec sleep 100")
                                .line());
            });
            System.exit(PipelineMain.of(pipeline)
                    .home(home.resolve("home"))
                    .stopOnInterrupt()
                    .run());
        }
    }
}
