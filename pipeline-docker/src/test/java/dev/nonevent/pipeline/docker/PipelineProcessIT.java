package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.cli.PipelineMain;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.docker.contract.EngineInventory;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A team's whole process, ended in every way: whatever is on its engine afterwards was there before. */
@NeedsPrivateEngine
@Timeout(180)
class PipelineProcessIT {

    private static PrivateEngine engine;
    private static String image;
    private static List<String> before;

    @TempDir
    Path home;

    private final List<String> lines = new ArrayList<>();
    private Process process;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivateEngine.start();
        image = engine.busybox();
        before = inventory();
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void endTheProcess() throws InterruptedException {
        assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void ctrlCLeavesNothing() throws Exception {
        start("touch begun; sleep 300");
        awaitBegin();

        assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(exitCode()).isEqualTo(3);
        assertThat(inventory()).isEqualTo(before);
    }

    @Test
    void whatAKilledProcessLeavesIsGoneAfterTheNextOne() throws Exception {
        start("touch begun; sleep 300");
        awaitBegin();
        process.destroyForcibly().waitFor();
        assertThat(inventory()).isNotEqualTo(before);

        start("true");

        assertThat(exitCode()).isZero();
        assertThat(inventory()).isEqualTo(before);
    }

    @Test
    void anEngineThatDiesAndComesBackEndsTheRunAsErrored() throws Exception {
        start("touch begun; sleep 300");
        awaitBegin();

        engine.kill();
        engine.startAgain();

        assertThat(exitCode()).isEqualTo(2);
        assertThat(lines).anyMatch(line -> line.contains("ERRORED")).noneMatch(line -> line.contains("FAILED"));
        assertThat(inventory()).isEqualTo(before);
    }

    private void start(String script) throws IOException {
        // A build started in the background ignores Ctrl-C, and its children with it.
        process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Team.class.getName(),
                        engine.address().toString(),
                        image,
                        home.toString(),
                        script)
                .redirectErrorStream(true)
                .start();
    }

    /** Its command leaves a file in its workspace. */
    private void awaitBegin() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!hasBegun()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(50);
        }
    }

    private boolean hasBegun() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.anyMatch(file -> file.endsWith("begun"));
        } catch (UncheckedIOException goneMeanwhile) {
            return false;
        }
    }

    private int exitCode() throws InterruptedException, IOException {
        output().lines().forEach(lines::add);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private BufferedReader output() {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> inventory() {
        try (Engine connection = engine.connect()) {
            return EngineInventory.of(connection);
        }
    }

    /** A team's main. */
    static final class Team {

        private Team() {}

        public static void main(String... args) {
            DockerExecutor container =
                    DockerExecutor.container(args[1]).network("none").engine(URI.create(args[0]));
            Pipeline pipeline = Pipeline.define(
                    "team",
                    p -> p.stage("work").in(container).retry(0).run(ctx -> {
                        ctx.exec("sh", "-c", args[3]);
                        return 1;
                    }));
            System.exit(PipelineMain.of(pipeline)
                    .home(Path.of(args[2]))
                    .stopOnInterrupt()
                    .run());
        }
    }
}
