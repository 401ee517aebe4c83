package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.definition.Scope;
import dev.nonevent.pipeline.gate.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process that is killed in the middle of a stage, and another one that goes on. */
@Timeout(120)
class KilledRunTest {

    record Jar(String name, List<String> classes) {}

    @TempDir
    Path home;

    private final Screen screen = new Screen();
    private Process process;

    @Test
    void aRunWhoseProcessIsKilledIsGoneOnWithByAnother() throws Exception {
        start();
        await(home.resolve("waits"));
        assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(main().run("history")).isZero();
        String cutShort = screen.out().strip();
        String run = cutShort.substring(0, cutShort.indexOf(' '));
        assertThat(cutShort).isEqualTo(run + "  cut short; to go on with it: resume " + run);

        Files.createFile(home.resolve("go on"));
        screen.clear();
        assertThat(main().run("resume", run)).as(screen::err).isZero();

        assertThat(screen.out()).isEqualTo("shop " + run + ": passed\n");
        assertThat(screen.err())
                .containsPattern("build +passed .* not run again: passed at .*, nothing it depends on has changed")
                .contains("unit tests: runs again: it was under way when the run was cut short")
                .containsPattern("image +passed .* runs: it had not begun");
        assertThat(Files.readAllLines(home.resolve("done")))
                .containsExactly("build", "unit tests", "unit tests", "image of Jar[name=shop, classes=[A, B]]");
    }

    @Test
    void whatTheKilledProcessHasLeftRunningIsEndedBeforeItsStageRunsAgain() throws Exception {
        Files.createFile(home.resolve("command"));
        start();
        await(home.resolve("waits"));
        assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
        ProcessHandle left = ProcessHandle.of(
                        Long.parseLong(Files.readString(home.resolve("waits")).strip()))
                .orElseThrow();
        Files.createFile(home.resolve("go on"));

        assertThat(main().run("history")).isZero();
        assertThat(left.isAlive()).isTrue();
        assertThat(main().run("resume", screen.out().strip().split(" ")[0]))
                .as(screen::err)
                .isZero();

        assertThat(screen.err()).contains("had left commands running, which were ended: [sleep (pid " + left.pid());
        // Dead, though nobody may have asked for its exit code yet.
        assertThat(left.info().command()).isEmpty();
    }

    @Test
    void aRunUnderWayIsSaidToBe() throws Exception {
        start();
        await(home.resolve("waits"));

        assertThat(main().run("status")).isZero();
        assertThat(screen.out()).matches("last run: [-0-9]+  under way\n");

        String run = screen.out().split(" +")[2];
        assertThat(main().run("resume", run)).isEqualTo(2);
        assertThat(screen.err()).contains("run " + run + " is under way in process " + process.pid());
    }

    @Test
    void aRunThatIsGoneOnWithIsAskedForNothingElse() {
        assertThat(main().run("--resume", "261124-010203-456", "--branch", "main"))
                .isEqualTo(64);
        assertThat(screen.err()).contains("goes on with the branch and the parameters it began with");

        assertThat(main().run("resume")).isEqualTo(64);
        assertThat(screen.err()).contains("resume needs a run");

        assertThat(main().run("resume", "261124-010203-456")).isEqualTo(64);
        assertThat(screen.err()).contains("there is no run 261124-010203-456");
    }

    @AfterEach
    void leaveNothing() throws InterruptedException {
        if (process != null) {
            assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private PipelineMain main() {
        return screen.main(home, pipeline(home));
    }

    private void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledRunTest.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
    }

    private void await(Path file) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    static Consumer<Scope> pipeline(Path home) {
        return p -> {
            var jar = p.stage("build").run(ctx -> {
                done(home, "build");
                return new Jar("shop", List.of("A", "B"));
            });
            var unit = p.gate("unit tests").needs(jar).check((ctx, built) -> {
                done(home, "unit tests");
                if (!Files.exists(home.resolve("go on")) && Files.exists(home.resolve("command"))) {
                    String waits = home.resolve("waits").toString();
                    ctx.exec("sh", "-c", "echo $$ >\"$1.new\" && mv \"$1.new\" \"$1\" && exec sleep 600", "sh", waits);
                } else if (!Files.exists(home.resolve("go on"))) {
                    Files.createFile(home.resolve("waits"));
                    new CountDownLatch(1).await();
                }
                return Verdict.pass("");
            });
            p.stage("image").needs(jar).requires(unit).run((ctx, built) -> done(home, "image of " + built));
        };
    }

    private static Path done(Path home, String what) throws IOException {
        return Files.writeString(
                home.resolve("done"), what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** A team's main. */
    public static void main(String... args) {
        Path home = Path.of(args[0]);
        System.exit(PipelineMain.of(dev.nonevent.pipeline.definition.Pipeline.define("shop", pipeline(home)))
                .home(home)
                .run());
    }
}
