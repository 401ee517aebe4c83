package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Ask;
import dev.nonevent.pipeline.bluegreen.router.daemon.Control.Verb;
import dev.nonevent.pipeline.bluegreen.router.switchboard.RouteFile;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A router that takes over dies at each step, as seen by the daemon it takes over from. This test is the one that dies: it
 * speaks as the next router does, and then lets go of what the kernel takes from a dead process.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
@Tag("long")
class SuccessionTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TimeSource time = TimeSource.system();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    @TempDir
    Path root;

    private Path home;
    private RawInstance instance;
    private Traffic traffic;
    private Route route;
    private Map<String, String> started;
    private long pid;

    @BeforeEach
    void open() throws Exception {
        home = root.resolve("router");
        instance = new RawInstance(line -> {
            while (true) {
                boolean slow = line.read().firstLine().contains("/slow");
                if (slow) {
                    asked.countDown();
                    awaitAnswer();
                }
                line.answer(slow ? "slow" : "hello");
            }
        });
        traffic = Router.router(0).open("shop", home);
        route = traffic.switchTo(instance.target("shop-1"), 3);
        started = startedWith();
        pid = ProcessTree.withMarker(DaemonProcess.marker(home)).get(0).pid();
    }

    @AfterEach
    void close() throws Exception {
        answer.countDown();
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
        instance.close();
    }

    @Test
    void diesBeforeTheHandover() throws Exception {
        predecessor().close();

        assertServesAsBefore();
    }

    @Test
    void diesAfterTheHandover() throws Exception {
        Predecessor former = predecessor();
        Predecessor.Estate estate = former.handOver();
        // serves all the time, and changes nothing
        assertThat(get()).isEqualTo("hello");
        assertThatThrownBy(() -> traffic.switchTo(instance.target("shop-2"), 4))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("just being replaced");

        estate.inherited().closeTheRest();
        former.close();

        assertServesAsBefore();
    }

    @Test
    void diesWithTheLock() throws Exception {
        Predecessor former = predecessor();
        Predecessor.Estate estate = former.handOver();
        HomeLock lock = former.awaitLock();
        declareAnother();
        former.close();
        assertThat(get()).isEqualTo("hello");
        // as long as somebody has the lock, nobody else writes
        assertThatThrownBy(() -> traffic.switchTo(instance.target("shop-2"), 4))
                .isInstanceOf(TrafficUnknownException.class);

        lock.close();
        estate.inherited().closeTheRest();

        assertServesAsBefore();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/to/be/found.sock", "", "a\0b", "LONG"})
    void asksForTheSocketsAtAPlaceThatCannotBe(String place) throws Exception {
        try (Wire wire = wire()) {
            String socket = place.equals("LONG") ? root.resolve("x".repeat(200)).toString() : place;
            wire.write(Control.write(Ask.of("shop", Verb.HAND_OVER).socket(Optional.of(socket))), PATIENCE);

            assertThatThrownBy(() -> wire.read(PATIENCE)).isInstanceOf(IOException.class);
        }

        assertServesAsBefore();
        awaitLog("the next router has not taken over");
    }

    @Test
    void diesAfterItHadTheOldOneLetGo() throws Exception {
        int port = traffic.address().getPort();
        Wire wire = wire();
        say(wire, Ask.of("shop", Verb.HAND_OVER));
        say(wire, Ask.of("shop", Verb.LET_GO));
        try (ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            wire.close();
            // the dead process' socket is still there for a moment
            awaitLog("cannot listen");
            assertThat(held.isBound()).isTrue();
        }

        assertServesAsBefore();
    }

    @Test
    void diesWhileTheOldOneSaysGoodbye() throws Exception {
        try (RawClient waiting = new RawClient(traffic.address())) {
            assertThat(waiting.get("/").body()).isEqualTo("hello");
            HomeLock lock;
            try (Wire wire = wire()) {
                say(wire, Ask.of("shop", Verb.HAND_OVER));
                lock = awaitLock();
                wire.write(Control.write(Ask.of("shop", Verb.TAKEN)), PATIENCE);
                // the client that waits keeps the old one from leaving for a while
                awaitRefused();
            }
            lock.close();

            assertServesAsBefore();
        }
    }

    @Test
    void diesAfterItHasSwitchedWhileLastAnswersAreGiven() throws Exception {
        try (RawInstance other = RawInstance.answering("other");
                RawClient inFlight = new RawClient(traffic.address())) {
            inFlight.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            Predecessor former = predecessor();
            HomeLock lock = takenOver(former);
            Route switched = new Route(Routing.to(other.target("shop-2")), 9, route.generation() + 1);
            new RouteFile(home, "shop").keep(switched);

            former.close();
            lock.close();

            awaited(() -> get().equals("other"));
            assertThat(traffic.route()).isEqualTo(switched);
            assertThatThrownBy(() -> traffic.switchTo(instance.target("shop-3"), 8))
                    .hasMessageContaining("fence");
            assertThat(traffic.switchTo(instance.target("shop-3"), 9).fence()).isEqualTo(9);
            answer.countDown();
            assertThat(inFlight.read().body()).isEqualTo("slow");
            // and it stays, though the last answers of the one that left are given
            awaitLog("last answers of shop-1");
            assertThat(get()).isEqualTo("hello");
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
    }

    @Test
    void oneThatCameBackCanBeReplacedAgain() throws Exception {
        try (RawClient inFlight = new RawClient(traffic.address())) {
            inFlight.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            Predecessor first = predecessor();
            HomeLock lock = takenOver(first);
            first.close();
            lock.close();
            assertServesAsBefore();

            Traffic after = Router.router(0).trusting("10.0.0.0/8").open("shop", home);

            assertThat(after.route().fence()).isEqualTo(4);
            assertThat(get()).isEqualTo("hello");
            answer.countDown();
            assertThat(inFlight.read().body()).isEqualTo("slow");
            ProcessHandle.of(pid).ifPresent(old -> old.onExit().join());
        }
    }

    @Test
    void takesLongerThanAnotherDeployerTries() throws Exception {
        try (Predecessor former = predecessor()) {
            former.handOver().inherited().closeTheRest();
            try (HomeLock lock = former.awaitLock()) {
                assertThatThrownBy(() -> Router.router(0).trusting("10.0.0.0/8").open("shop", home))
                        .hasMessageContaining("was quicker 4 times: its users are served");
                assertThat(get()).isEqualTo("hello");
            }
        }
    }

    @Test
    void wasShutDownAndDidNotDie() throws Exception {
        try (RawClient inFlight = new RawClient(traffic.address())) {
            inFlight.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            Predecessor former = predecessor();
            HomeLock lock = takenOver(former);
            new RouteFile(home, "shop").keep(new Route(Routing.nowhere(), 9, route.generation() + 1));

            former.close();
            lock.close();

            assertEndsWithoutServing(inFlight);
        }
    }

    @Test
    void anotherOneWasQuickerToTakeItsPlace() throws Exception {
        try (RawClient inFlight = new RawClient(traffic.address())) {
            inFlight.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            Predecessor former = predecessor();
            try (HomeLock another = takenOver(former)) {
                former.close();

                awaitLog("another one works in its place");
                assertEndsWithoutServing(inFlight);
            }
        }
    }

    // --- the world

    private void assertEndsWithoutServing(RawClient inFlight) throws Exception {
        assertThatThrownBy(() -> new RawClient(traffic.address())).isInstanceOf(IOException.class);
        CompletableFuture<ProcessHandle> end =
                ProcessHandle.of(pid).orElseThrow().onExit();
        answer.countDown();
        assertThat(inFlight.read().body()).isEqualTo("slow");
        end.get(30, TimeUnit.SECONDS);
    }

    private void assertServesAsBefore() throws Exception {
        awaited(() -> get().equals("hello"));
        awaited(() -> traffic.route().equals(route));
        // a restart would bring back this one, and not the one that died
        awaited(() -> startedWith().equals(started));
        awaited(() -> {
            try {
                return traffic.switchTo(instance.target("shop-2"), 4).fence() == 4;
            } catch (TrafficUnknownException notYet) {
                return false;
            }
        });
        assertThat(get()).isEqualTo("hello");
        assertThat(ProcessTree.withMarker(DaemonProcess.marker(home)))
                .extracting(ProcessTree.Member::pid)
                .containsExactly(pid);
    }

    /** What {@code java} is told, and how the router is set up. */
    private Map<String, String> startedWith() throws IOException {
        return Map.of(
                "settings", Files.readString(home.resolve("settings.json")),
                "arguments", Files.readString(home.resolve("router.args")));
    }

    /** As a router that takes over does, once nothing can fail any more. */
    private void declareAnother() throws IOException {
        Settings others = Settings.on(0).withTrusted(List.of("10.0.0.0/8"));
        new SettingsFile(home).write(SettingsFile.Declared.of("shop", others, List.of("another")));
        ArgumentFile.write(home, List.of("another"));
    }

    private Predecessor predecessor() {
        return Predecessor.of(home, "shop").orElseThrow();
    }

    /** As a router that has taken over and listens. */
    private HomeLock takenOver(Predecessor former) throws Exception {
        Predecessor.Estate estate = former.handOver();
        HomeLock lock = former.awaitLock();
        declareAnother();
        former.taken();
        estate.inherited().closeTheRest();
        return lock;
    }

    private Wire wire() throws IOException {
        return new Wire(SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("control.sock"))));
    }

    private static void say(Wire wire, Ask ask) throws IOException {
        wire.write(Control.write(ask), PATIENCE);
        assertThat(Control.reply(wire.read(PATIENCE)).kind()).isEqualTo(Control.Kind.DONE);
    }

    private String get() throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            return client.get("/").body();
        }
    }

    private HomeLock awaitLock() throws Exception {
        return Awaited.value(() -> {
            Optional<HomeLock> lock = HomeLock.take(home);
            assertThat(lock).isPresent();
            return lock.get();
        });
    }

    private void awaitRefused() throws Exception {
        awaited(() -> {
            try {
                get();
                return false;
            } catch (IOException refused) {
                return true;
            }
        });
    }

    private void awaitLog(String part) throws Exception {
        awaited(() -> Files.readString(home.resolve("router.log")).contains(part));
    }

    private void awaited(Callable<Boolean> condition) throws Exception {
        Awaited.that(() -> assertThat(condition.call())
                .as("%s", Files.readString(home.resolve("router.log")))
                .isTrue());
    }

    private void awaitAnswer() {
        try {
            assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
