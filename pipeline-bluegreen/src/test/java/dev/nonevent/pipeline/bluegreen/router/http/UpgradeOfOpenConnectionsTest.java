package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.RouterLimits;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.router.TestCertificate;
import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** A router with other settings takes over while connections of every kind are open, at both doors. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
@Tag("long")
class UpgradeOfOpenConnectionsTest {

    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";

    private final CountDownLatch answer = new CountDownLatch(1);

    @TempDir
    Path root;

    private Path home;
    private RawInstance instance;
    private RawInstance next;

    @BeforeEach
    void open() throws Exception {
        home = root.resolve("router");
        instance = new RawInstance(this::serve);
        next = RawInstance.answering("next");
    }

    @AfterEach
    void leaveNothing() throws Exception {
        answer.countDown();
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
        instance.close();
        next.close();
    }

    @Test
    void everyKindOfConnectionIsLetGoAsPromisedAndNobodyIsRefused() throws Exception {
        int metrics = freePort();
        Path log = root.resolve("access.log");
        Router declared = Router.router(0).preview(0);
        Traffic before = declared.open("shop", home);
        before.switchTo(Routing.to(instance.target("shop-1")).preview(next.target("shop-2")), 1);
        URI users = before.address();
        URI previews = before.preview().orElseThrow();
        try (StreamClient streams = new StreamClient(users);
                RawClient webSocket = Frames.upgrade(new RawClient(users));
                RawClient events = new RawClient(users);
                RawClient waiting = new RawClient(previews);
                Newcomers atTheDoor = new Newcomers(users, "hello");
                Newcomers atThePreview = new Newcomers(previews, "next")) {
            List<StreamClient.Exchange> underWay = underWay(streams, 3);
            events.send("GET /events HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(RawClient.line(events.in())).contains("200");
            assertThat(waiting.get("/").body()).isEqualTo("next");

            Traffic after = declared.metrics(metrics)
                    .accessLog(log)
                    .limits(RouterLimits.usual().body(10))
                    .open("shop", home);

            assertThat(streams.goAway.get(20, TimeUnit.SECONDS)).isZero();
            answer.countDown();
            for (StreamClient.Exchange exchange : underWay) {
                assertThat(exchange.answer().body()).isEqualTo("slow");
            }
            // who keeps a connection at the preview and asks nothing is closed, as at the users' door
            assertThat(waiting.atEnd()).isTrue();
            assertThat(atTheDoor.stop()).isEmpty();
            assertThat(atThePreview.stop()).isEmpty();
            assertThat(after.address()).isEqualTo(users);
            assertThat(after.preview()).contains(previews);
            assertOtherSettingsHold(users, metrics, log);
            assertToldToGo(after, webSocket, events);
        }
    }

    @Test
    void clientsWithoutTlsAreAnsweredToTheEndByTheRouterThatIsReplacedByOneWithIt() throws Exception {
        TestCertificate certificate = TestCertificate.in(root.resolve("certificate"));
        Traffic plain = Router.router(0).open("shop", home);
        plain.switchTo(Routing.to(instance.target("shop-1")), 1);
        try (StreamClient streams = new StreamClient(plain.address());
                RawClient client = new RawClient(plain.address())) {
            List<StreamClient.Exchange> underWay = underWay(streams, 2);
            client.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");

            Traffic secure = Router.router(0)
                    .preview(0)
                    .tls(certificate.chain, certificate.key)
                    .open("shop", home);

            answer.countDown();
            for (StreamClient.Exchange exchange : underWay) {
                assertThat(exchange.answer().body()).isEqualTo("slow");
            }
            RawClient.Message last = client.read();
            assertThat(last.body()).isEqualTo("slow");
            assertThat(last.headers()).containsEntry("connection", "close");
            assertThat(secure.address().getScheme()).isEqualTo("https");
            assertThat(secure.address().getPort()).isEqualTo(plain.address().getPort());
            try (StreamClient fresh = new StreamClient(secure.address(), certificate.certificate)) {
                assertThat(fresh.get("/").body()).isEqualTo("hello");
            }
            secure.switchTo(Routing.to(instance.target("shop-1")).preview(next.target("shop-2")), 1);
            assertThat(get(secure.preview().orElseThrow()).body()).isEqualTo("next");
        }
    }

    // --- the world

    /** A WebSocket and an event stream are told to go, one after the other: within a minute, or as a drain wants it. */
    private void assertToldToGo(Traffic after, RawClient webSocket, RawClient events) throws Exception {
        after.switchTo(Routing.to(next.target("shop-2")), 2);
        CompletableFuture<Drained> draining = CompletableFuture.supplyAsync(() -> drain(after));

        Frames.Frame close = Frames.read(webSocket.in());
        assertThat(close.opcode()).isEqualTo(Frames.CLOSE);
        assertThat(close.code()).isEqualTo(1001);
        webSocket.socket.getOutputStream().write(Frames.close(1001, true));
        // chunks, the last of which says that this was all
        assertThat(new String(events.in().readAllBytes(), StandardCharsets.US_ASCII))
                .contains("data: 1\n\n")
                .endsWith("0\r\n\r\n");
        assertThat(draining.get(30, TimeUnit.SECONDS).cut()).isZero();
    }

    private static void assertOtherSettingsHold(URI users, int metrics, Path log) throws Exception {
        try (RawClient client = new RawClient(users)) {
            client.send("POST /large HTTP/1.1\r\nHost: shop\r\nContent-Length: 11\r\n\r\n12345678901");
            assertThat(client.read().status()).isEqualTo(413);
        }
        try (RawClient prometheus = new RawClient("127.0.0.1", metrics)) {
            assertThat(prometheus.get("/metrics").body()).contains("version=\"shop-1\"");
        }
        Awaited.that(() -> assertThat(Files.readString(log)).contains("\"path\":\"/large\""));
    }

    private static Drained drain(Traffic traffic) {
        try {
            return traffic.drain("shop-1", Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<StreamClient.Exchange> underWay(StreamClient client, int count) throws Exception {
        int before = instance.requests.size();
        List<StreamClient.Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exchanges.add(client.open(StreamClient.head("GET", "/slow"), true));
        }
        Awaited.that(() -> assertThat(instance.requests.size()).isGreaterThanOrEqualTo(before + count));
        return exchanges;
    }

    private static RawClient.Message get(URI address) throws IOException {
        try (RawClient client = new RawClient(address)) {
            return client.get("/");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void serve(RawInstance.Line line) throws IOException {
        while (true) {
            String asked = line.readHead().firstLine();
            if (asked.contains("/ws")) {
                line.say(Frames.AGREE);
                echo(line);
                return;
            }
            if (asked.contains("/events")) {
                line.say(EVENTS);
                line.in.transferTo(OutputStream.nullOutputStream());
                return;
            }
            boolean slow = asked.contains("/slow");
            if (slow) {
                await(answer);
            }
            line.answer(slow ? "slow" : "hello");
        }
    }

    private static void echo(RawInstance.Line line) throws IOException {
        for (Frames.Frame frame = Frames.read(line.in); frame.opcode() != Frames.CLOSE; frame = Frames.read(line.in)) {
            line.socket.getOutputStream().write(Frames.text(frame.text()));
        }
        line.socket.getOutputStream().write(Frames.close(1001, false));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One after the other makes a connection and asks, until told to stop. */
    private static final class Newcomers implements AutoCloseable {

        private final List<String> failures = new CopyOnWriteArrayList<>();
        private final Thread thread;
        private volatile boolean stopped;

        Newcomers(URI address, String expected) {
            thread = new Thread(() -> {
                while (!stopped) {
                    try {
                        String body = get(address).body();
                        if (!body.equals(expected)) {
                            failures.add(body);
                        }
                    } catch (IOException e) {
                        failures.add(e.toString());
                    }
                }
            });
            thread.start();
        }

        List<String> stop() throws InterruptedException {
            stopped = true;
            thread.join();
            return failures;
        }

        @Override
        public void close() throws InterruptedException {
            stop();
        }
    }
}
