package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.cli.PipelineMain;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Stage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A team's main: one process of it deploys, and what is said to another one reaches that. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class CommandLineTest {

    private static final Duration NOBODY_WAITS_SO_LONG = Duration.ofMinutes(30);

    @TempDir
    Path home;

    private int port;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        assertThat(say("down").code).isZero();
    }

    @Test
    void whoPausesAndPromotesReachesTheDeploymentOfAnotherProcess() throws Exception {
        assertThat(say("--release=v1").code).isZero();
        try (Main deploying = Main.start(home, port, "--release=v2")) {
            deploying.awaitLine("watching ");

            End paused = say("pause");
            assertThat(paused.code).as(paused.text).isZero();
            assertThat(paused.text).endsWith(" is told to pause; the status shows when it does");
            deploying.awaitLine(" is paused by ");
            assertThat(say("status", "shop").code)
                    .as("status takes no application")
                    .isEqualTo(64);
            assertThat(say("status").text).containsPattern("paused since .*: promote it, or abort it");

            assertThat(say("promote", "shop").code).isZero();
            deploying.awaitLine(" goes on: ");
            assertThat(say("status").text).doesNotContain("paused since");

            assertThat(say("promote", "--full").text)
                    .endsWith(" is told to become stable; the status shows when it does");
            End end = deploying.end();
            assertThat(end.code).as(end.text).isZero();
            assertThat(end.text).contains(" promoted it after ");
        }
    }

    @Test
    void whoAbortsReachesTheDeploymentOfAnotherProcess() throws Exception {
        assertThat(say("--release=v1").code).isZero();
        try (Main deploying = Main.start(home, port, "--release=v2")) {
            deploying.awaitLine("watching ");
            assertThat(say("pause").code).isZero();
            deploying.awaitLine(" is paused by ");

            assertThat(say("abort").text).endsWith(" is told to end; the status shows when it does");
            End end = deploying.end();
            assertThat(end.code).as(end.text).isEqualTo(1);
            assertThat(end.text).contains("rolled back: it was aborted by ");
        }
        End late = say("abort");
        assertThat(late.code).isEqualTo(1);
        assertThat(late.text)
                .isEqualTo("no deployment of \"shop\" is under way that is not proven; nothing was changed");
    }

    /** Said here, while another process deploys. */
    private End say(String... words) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        int code = Shipping.main(home, port).streams(stream, stream).run(words);
        return new End(code, said.toString(StandardCharsets.UTF_8).strip());
    }

    /**
     * How it ended.
     *
     * @param text what it said since it was last listened to
     */
    private record End(int code, String text) {}

    /** The process of a team's main. */
    private record Main(Process process, BufferedReader output) implements AutoCloseable {

        static Main start(Path home, int port, String word) throws IOException {
            Process process = new ProcessBuilder(
                            DeployingProcess.java(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Shipping.class.getName(),
                            home.toString(),
                            "" + port,
                            word)
                    .redirectErrorStream(true)
                    .start();
            return new Main(process, process.inputReader());
        }

        /** Reads on until it has said a line with these words. */
        void awaitLine(String words) throws IOException {
            List<String> said = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                if (line.contains(words)) {
                    return;
                }
            }
            throw new AssertionError("it ended without saying \"" + words + "\": " + said);
        }

        End end() throws IOException, InterruptedException {
            String text = String.join("\n", output.lines().toList());
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            return new End(process.exitValue(), text);
        }

        @Override
        public void close() throws InterruptedException {
            assertThat(process.destroyForcibly().waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** What the team has written. */
    static final class Shipping {

        private Shipping() {}

        public static void main(String... args) {
            System.exit(main(Path.of(args[0]), Integer.parseInt(args[1])).run(args[2]));
        }

        static PipelineMain main(Path home, int port) {
            RealShop shop = new RealShop(home, port, NOBODY_WAITS_SO_LONG, line -> {});
            return PipelineMain.of(Pipeline.define("shipping", p -> {
                        var release = p.parameter("release", String.class).orElse("none");
                        Stage<Artifact> file = p.stage("build").run(ctx -> {
                            ctx.exec("sh", "-c", "echo '" + ctx.value(release) + "' > release.txt");
                            return ctx.artifact("release.txt");
                        });
                        p.stage("deploy").needs(file).withoutGates("a test").deploy(shop.blueGreen());
                    }))
                    .home(home);
        }
    }
}
