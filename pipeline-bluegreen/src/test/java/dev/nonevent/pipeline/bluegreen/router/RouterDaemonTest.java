package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.router.daemon.RemoteTraffic;
import dev.nonevent.pipeline.bluegreen.router.daemon.Wire;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a process of its own: it is killed, stopped, started twice; and so is who started it. */
@Timeout(120)
class RouterDaemonTest {

    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void name() {
        home = root.resolve("router");
    }

    @AfterEach
    void leaveNoDaemon() {
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void killedDaemonServesTheSameRouteOnceOpenedAgain() throws Exception {
        try (RawInstance instance = RawInstance.answering("still here")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route route = traffic.switchTo(instance.target("shop-1"), 5);
            URI address = traffic.address();
            kill("-KILL");
            assertThat(Router.router(0).find("shop", home)).isEmpty();
            assertThatThrownBy(traffic::route).isInstanceOf(TrafficUnknownException.class);

            Traffic again = Router.router(0).open("shop", home);

            assertThat(again.route()).isEqualTo(route);
            assertThat(again.address()).isEqualTo(address);
            assertThat(body(address)).isEqualTo("still here");
            // the line that was open before goes on as well
            assertThat(traffic.route()).isEqualTo(route);
        }
    }

    @Test
    void noProcessOfItIsLeftWhenItsShutDownReturns() throws Exception {
        Traffic traffic = Router.router(0).open("shop", home);

        traffic.shutDown(1);

        assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).isEmpty();
    }

    @Test
    void trafficGoesOnWhenTheOpenerIsKilled() throws Exception {
        try (RawInstance instance = RawInstance.answering("unmoved")) {
            Process opener = opener(instance.target("shop-1"));
            URI address;
            try (BufferedReader said = opener.inputReader()) {
                address = URI.create(said.readLine());
                assertThat(body(address)).isEqualTo("unmoved");

                opener.destroyForcibly().waitFor();
            }

            assertThat(body(address)).isEqualTo("unmoved");
            assertThat(Router.router(0).find("shop", home)).isPresent();
        }
    }

    @Test
    void tornStateFileMeansTheRouteBefore() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic traffic = Router.router(0).open("shop", home);
            Route before = traffic.switchTo(instance.target("shop-1"), 1);
            traffic.switchTo(instance.target("shop-2"), 2);
            kill("-KILL");
            Files.writeString(home.resolve("route.json"), "{\"version\":1,");

            Traffic again = Router.router(0).open("shop", home);

            assertThat(again.route()).isEqualTo(before);
        }
    }

    @Test
    void stateThatCannotBeReadStartsNothing() throws Exception {
        Files.createDirectories(home);
        Files.writeString(home.resolve("route.json"), "nonsense");

        assertThatThrownBy(() -> Router.router(0).open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("nobody knows where traffic was");
        assertThat(Router.router(0).find("shop", home)).isEmpty();
    }

    @Test
    void portInUseIsOneSentence() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> Router.router(taken.getLocalPort()).open("shop", home))
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageMatching("the router cannot listen on 127\\.0\\.0\\.1:" + taken.getLocalPort()
                            + " \\(.*\\): end the program that does, or choose another port");
        }
    }

    @Test
    void runningDaemonOnAnotherPortIsRefused() throws Exception {
        int running = Router.router(0).open("shop", home).address().getPort();

        assertThatThrownBy(() -> Router.router(1).open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("runs on port " + running);
    }

    @Test
    void homeTooLongForASocketGetsOneElsewhere() throws Exception {
        home = root.resolve("long".repeat(40));
        Traffic traffic = Router.router(0).open("shop", home);

        Path socket = Path.of(Files.readString(home.resolve("control.path")).strip());
        assertThat(traffic.route().active()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())))
                .isEqualTo("rwx------");

        traffic.shutDown(1);
        assertThat(socket.getParent()).doesNotExist();
    }

    @Test
    void twoOpenersAtOnceGetOneDaemon() throws Exception {
        CompletableFuture<URI> first = openElsewhere();
        CompletableFuture<URI> second = openElsewhere();

        assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(second.get(60, TimeUnit.SECONDS));
    }

    @Test
    void onlyItsUserCanReachTheControlSocket() throws Exception {
        Router.router(0).open("shop", home);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("control.sock"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anotherApplicationIsRefused() throws Exception {
        Router.router(0).open("shop", home);

        assertThatThrownBy(() -> Router.router(0).find("blog", home))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("this is the router of shop, not of blog");
    }

    @Test
    void nonsenseOnTheControlSocketHarmsNobody() throws Exception {
        Traffic traffic = Router.router(0).open("shop", home);
        for (String nonsense : List.of("nonsense\n", "null\n", "{}\n", "{\"verb\":\"SWITCH\"}\n", "")) {
            say(nonsense);
        }
        say("x".repeat(Wire.LONGEST_LINE + 1));

        assertThat(traffic.route().active()).isEmpty();
    }

    @Test
    void daemonThatHangsIsUnknownAndNotAbsent() throws Exception {
        Router.router(0).open("shop", home);
        kill("-STOP");

        assertThatThrownBy(() -> new RemoteTraffic(home, "shop", Duration.ofMillis(200)).answers())
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("nobody knows where traffic is");

        kill("-CONT");
    }

    @Test
    void daemonRunsFromACopyThatNoBuildCanPullAway() throws Exception {
        Router.router(0).open("shop", home);

        long daemon = ProcessTree.withMarker(DaemonProcess.marker(home)).get(0).pid();
        String[] commandLine =
                ProcessHandle.of(daemon).orElseThrow().info().arguments().orElseThrow();
        String classPath = commandLine[List.of(commandLine).indexOf("-cp") + 1];
        assertThat(classPath.split(File.pathSeparator)).allMatch(place -> place.startsWith(home.toString()));
    }

    // --- the world

    private static String body(URI address) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return client.get("/").body();
        }
    }

    private void kill(String signal) throws Exception {
        List<ProcessTree.Member> daemons = ProcessTree.withMarker(DaemonProcess.marker(home));
        assertThat(daemons).hasSize(1);
        ProcessHandle daemon = ProcessHandle.of(daemons.get(0).pid()).orElseThrow();
        CompletableFuture<ProcessHandle> gone = daemon.onExit();
        assertThat(new ProcessBuilder("kill", signal, Long.toString(daemon.pid()))
                        .start()
                        .waitFor())
                .isZero();
        if (signal.equals("-KILL")) {
            gone.get(30, TimeUnit.SECONDS);
        }
    }

    private CompletableFuture<URI> openElsewhere() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Router.router(0).open("shop", home).address();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void say(String nonsense) throws IOException {
        try (SocketChannel line = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("control.sock")))) {
            line.write(ByteBuffer.wrap(nonsense.getBytes()));
        } catch (IOException e) {
            // the daemon may hang up in the middle of too long a line
            assertThat(nonsense.length()).isGreaterThan(Wire.LONGEST_LINE);
        }
    }

    private Process opener(Target target) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opener.class.getName(),
                        home.toString(),
                        target.address().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
