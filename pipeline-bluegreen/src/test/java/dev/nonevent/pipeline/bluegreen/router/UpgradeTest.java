package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.daemon.ClassPath;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A daemon of another program takes over while users are served. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
@Tag("long")
class UpgradeTest {

    private static final int CLIENTS = 8;

    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void name() {
        home = root.resolve("router");
    }

    @AfterEach
    void leaveNoDaemon() {
        System.clearProperty("io.netty.transport.noNative");
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void anotherProgramTakesOverAndNoUserNotices() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 7);
            URI address = before.address();
            List<Long> old = pids();
            try (Load load = new Load(address, CLIENTS)) {
                load.awaitRounds(20);

                Traffic after = another().open("shop", home);

                load.awaitRounds(20);
                assertThat(load.stop()).isEmpty();
                assertThat(after.route()).isEqualTo(route);
                assertThat(after.address()).isEqualTo(address);
                awaitEnd(old);
                assertThat(pids()).hasSize(1).doesNotContainAnyElementsOf(old);
            }
        }
    }

    @Test
    void switchAfterTheUpgradeIsExactForEveryClient() throws Exception {
        try (RawInstance blue = RawInstance.answering("blue");
                RawInstance green = RawInstance.answering("green")) {
            Traffic before = Router.router(0).open("shop", home);
            before.switchTo(blue.target("shop-1"), 1);
            try (RawClient waiting = new RawClient(before.address())) {
                assertThat(waiting.get("/").body()).isEqualTo("blue");

                Traffic after = another().open("shop", home);
                after.switchTo(green.target("shop-2"), 2);

                // it said nothing during the grace, so the old router has hung up on it
                assertThat(waiting.atEnd()).isTrue();
            }
            try (RawClient fresh = new RawClient(before.address())) {
                assertThat(fresh.get("/").body()).isEqualTo("green");
            }
        }
    }

    @Test
    void answerInFlightIsCompletedByTheOldDaemon() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (RawInstance slow = slow(asked, answer)) {
            Traffic before = Router.router(0).open("shop", home);
            before.switchTo(slow.target("shop-1"), 1);
            try (RawClient client = new RawClient(before.address())) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                await(asked);

                another().open("shop", home);
                answer.countDown();

                RawClient.Message late = client.read();
                assertThat(late.body()).isEqualTo("late");
                assertThat(late.headers()).containsEntry("connection", "close");
            }
        }
    }

    @Test
    void drainOfTheNewDaemonCountsWhatTheOldOneHasInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (RawInstance slow = slow(asked, never);
                RawInstance other = RawInstance.answering("other")) {
            Traffic before = Router.router(0).open("shop", home);
            before.switchTo(slow.target("shop-1"), 1);
            try (RawClient client = new RawClient(before.address())) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                await(asked);
                Traffic after = another().open("shop", home);
                after.switchTo(other.target("shop-2"), 2);

                Drained drained = after.drain("shop-1", Duration.ofMillis(200));

                assertThat(drained.cut()).isEqualTo(1);
                assertThat(client.read().status()).isEqualTo(504);
            } finally {
                never.countDown();
            }
        }
    }

    @Test
    void daemonThatDiesWhileItTakesOverLeavesTheOldOneAtWork() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 3);
            try (Load load = new Load(before.address(), 2)) {
                load.awaitRounds(5);
                for (int dies = 0; dies < 3; dies++) {
                    CompletableFuture<Void> killer = killNewcomer(pids(), Duration.ofMillis(400L * dies));
                    try {
                        Router.router(0).trusting("10." + dies + ".0.0/16").open("shop", home);
                    } catch (InfrastructureException e) {
                        assertThat(e).hasMessageMatching("(?s)the router did not start.*");
                    }
                    killer.get(90, TimeUnit.SECONDS);
                }

                Traffic again = another().open("shop", home);

                assertThat(again.route().routing()).isEqualTo(route.routing());
                assertThat(again.route().fence()).isEqualTo(3);
                load.awaitRounds(5);
            }
        }
    }

    @Test
    void newDaemonThatIsKilledWhileTheOldOneGivesItsLastAnswersIsReplacedByIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (RawInstance slow = slow(asked, answer);
                RawInstance green = RawInstance.answering("green")) {
            Traffic before = Router.router(0).open("shop", home);
            before.switchTo(slow.target("shop-1"), 1);
            List<Long> old = pids();
            try (RawClient client = new RawClient(before.address())) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                await(asked);
                Traffic after = another().open("shop", home);
                Route switched = after.switchTo(green.target("shop-2"), 2);
                URI address = after.address();

                killNewcomer(old, Duration.ZERO).get(30, TimeUnit.SECONDS);

                Awaited.answer(address, "green");
                // it listens to users first
                Traffic found = Awaited.router(home);
                assertThat(found.route()).isEqualTo(switched);
                assertThat(pids()).isEqualTo(old);
                answer.countDown();
                assertThat(client.read().body()).isEqualTo("late");
            }
        }
    }

    @Test
    void programThatCannotStartIsToldAndChangesNothing() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 3);
            List<Long> old = pids();

            assertThatThrownBy(() -> Router.router(0)
                            .classPath(root.resolve("nothing").toString())
                            .open("shop", home))
                    .isInstanceOf(InfrastructureException.class);

            assertThat(before.route()).isEqualTo(route);
            assertThat(pids()).isEqualTo(old);
            assertThat(before.switchTo(instance.target("shop-2"), 4).fence()).isEqualTo(4);
        }
    }

    @Test
    void withoutEpollTheSocketIsBoundAnew() throws Exception {
        System.setProperty("io.netty.transport.noNative", "true");
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 7);
            List<Long> old = pids();

            Traffic after = another().open("shop", home);

            assertThat(after.route()).isEqualTo(route);
            awaitEnd(old);
            try (RawClient client = new RawClient(before.address())) {
                assertThat(client.get("/").body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void sameProgramAndSettingsStay() throws Exception {
        Router.router(0).open("shop", home);
        List<Long> old = pids();

        Router.router(0).open("shop", home);

        assertThat(pids()).isEqualTo(old);
    }

    @Test
    void otherAddressNeedsAnotherListenerAndIsRefused() throws Exception {
        Router.router(0).open("shop", home);

        assertThatThrownBy(() -> Router.router(0).bind("127.0.0.2").open("shop", home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("listens on 127.0.0.1, and 127.0.0.2 is declared");
    }

    // --- the world

    private Router another() throws IOException {
        Path more = Files.createDirectories(root.resolve("more"));
        Files.writeString(more.resolve("marker"), "another program");
        return withAlso(more);
    }

    private static Router withAlso(Path place) {
        return Router.router(0).classPath(ClassPath.ofTheDaemon() + File.pathSeparator + place);
    }

    private List<Long> pids() {
        return ProcessTree.withMarker(DaemonProcess.marker(home)).stream()
                .map(ProcessTree.Member::pid)
                .toList();
    }

    private static void awaitEnd(List<Long> pids) throws Exception {
        for (long pid : pids) {
            ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
            if (handle != null) {
                handle.onExit().get(30, TimeUnit.SECONDS);
            }
        }
    }

    /** So long after it was first seen. */
    private CompletableFuture<Void> killNewcomer(List<Long> known, Duration after) {
        return CompletableFuture.supplyAsync(() -> {
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    while (System.nanoTime() < until) {
                        for (long pid : pids()) {
                            if (!known.contains(pid)) {
                                return pid;
                            }
                        }
                        // looking for it all the time would take the processor from it
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                    }
                    throw new IllegalStateException("nobody came");
                })
                .thenAcceptAsync(
                        pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly),
                        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS));
    }

    private static RawInstance slow(CountDownLatch asked, CountDownLatch answer) throws IOException {
        return new RawInstance(line -> {
            line.read();
            asked.countDown();
            await(answer);
            line.answer("late");
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Clients that keep their connection until they are told not to, and as many that open one for each request. */
    private static final class Load implements AutoCloseable {

        private final URI address;
        private final List<Thread> clients = new ArrayList<>();
        private final List<String> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final long[] rounds;
        private volatile boolean stopped;

        Load(URI address, int each) {
            this.address = address;
            this.rounds = new long[2 * each];
            for (int i = 0; i < 2 * each; i++) {
                int number = i;
                Thread client = new Thread(() -> ask(number, number % 2 == 0), "client " + i);
                clients.add(client);
                client.start();
            }
        }

        private void ask(int number, boolean keeps) {
            RawClient client = null;
            while (!stopped) {
                try {
                    client = client == null ? new RawClient(address) : client;
                    RawClient.Message answer = client.get("/");
                    if (answer.status() != 200) {
                        failures.add(answer.firstLine());
                    }
                    if (!keeps || "close".equals(answer.headers().get("connection"))) {
                        client.close();
                        client = null;
                    }
                } catch (IOException e) {
                    failures.add((keeps ? "keeping " : "closing ") + e);
                    client = null;
                }
                synchronized (this) {
                    rounds[number]++;
                    notifyAll();
                }
            }
        }

        synchronized void awaitRounds(long more) throws InterruptedException {
            long wanted = LongStream.of(rounds).max().orElse(0) + more;
            while (LongStream.of(rounds).min().orElse(0) < wanted && failures.isEmpty()) {
                wait(1_000);
            }
        }

        List<String> stop() throws InterruptedException {
            stopped = true;
            for (Thread client : clients) {
                client.join();
            }
            return failures;
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
