package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets go through untouched. */
@Timeout(60)
class WebSocketTest {

    @TempDir
    Path home;

    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
    }

    @Test
    void handshakePassesBothWays() throws Exception {
        try (RawInstance instance = echo();
                RawClient client = client(instance)) {
            RawClient.Message answer = client.send(Frames.ASK).readWithoutBody();

            assertThat(instance.requests.get(0).headers())
                    .containsEntry("connection", "upgrade")
                    .containsEntry("upgrade", "websocket")
                    .containsEntry("sec-websocket-version", "13")
                    .containsEntry("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
                    .containsEntry("sec-websocket-protocol", "chat")
                    .containsEntry("sec-websocket-extensions", "permessage-deflate");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers())
                    .containsEntry("connection", "upgrade")
                    .containsEntry("upgrade", "websocket")
                    .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .doesNotContainKeys("content-length", "transfer-encoding");
        }
    }

    @Test
    void framesOfEverySizeGoBothWays() throws Exception {
        try (RawInstance instance = echo();
                RawClient client = Frames.upgrade(client(instance))) {
            for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 3_000_000}) {
                byte[] payload = new byte[size];
                Arrays.fill(payload, (byte) size);
                CompletableFuture<Void> sent = sent(client, Frames.frame(2, payload, true));

                assertThat(Frames.read(client.in()).payload()).isEqualTo(payload);
                sent.get(20, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void halfAFrameArrivesBeforeTheOtherHalfIsSent() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    while (true) {
                        line.socket.getOutputStream().write(line.in.read());
                    }
                });
                RawClient client = Frames.upgrade(client(instance))) {
            byte[] frame = Frames.maskedText("hello");
            for (byte octet : frame) {
                client.socket.getOutputStream().write(octet);

                assertThat((byte) client.in().read()).isEqualTo(octet);
            }
        }
    }

    @Test
    void openWebSocketIsAnAnsweredRequestAndHoldsUpNone() throws Exception {
        try (RawInstance instance = echo();
                RawClient client = Frames.upgrade(client(instance))) {
            client.socket.getOutputStream().write(Frames.maskedText("hello"));
            assertThat(Frames.read(client.in()).text()).isEqualTo("hello");

            assertThat(traffic.counts().get(0).requests()).isEqualTo(1);
            assertThat(traffic.counts().get(0).failed()).isZero();
            assertThat(traffic.counts().get(0).inFlight()).isZero();
        }
    }

    @Test
    void answerThatIsNotAnUpgradeIsAnOrdinaryOne() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 3\r\n\r\nold");
                    line.read();
                    line.answer("next");
                });
                RawClient client = client(instance)) {
            assertThat(client.send(Frames.ASK).read().body()).isEqualTo("old");

            assertThat(client.get("/").body()).isEqualTo("next");
        }
    }

    @Test
    void requestSentTooEarlyWaitsUntilTheUpgradeIsRefused() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        line.answer(line.read().firstLine());
                    }
                });
                RawClient client = client(instance)) {
            client.send(Frames.ASK + "GET /next HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.read().body()).contains("/ws");
            assertThat(client.read().body()).contains("/next");
            assertThat(client.get("/third").body()).contains("/third");
        }
    }

    @Test
    void bytesSentTooEarlyAreNeverTakenForARequestOnceItIsAWebSocket() throws Exception {
        String early = "GET /smuggled HTTP/1.1\r\nHost: shop\r\n\r\n";
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    byte[] seen = line.in.readNBytes(early.length());
                    line.socket.getOutputStream().write(Frames.text(new String(seen, StandardCharsets.ISO_8859_1)));
                    line.in.read();
                });
                RawClient client = client(instance)) {
            client.send(Frames.ASK + early);

            assertThat(client.readWithoutBody().status()).isEqualTo(101);
            assertThat(Frames.read(client.in()).text()).isEqualTo(early);
            assertThat(instance.requests).hasSize(1);
            assertThat(traffic.counts().get(0).requests()).isEqualTo(1);
        }
    }

    @Test
    void everyOtherUpgradeIsLeftOut() throws Exception {
        try (RawInstance instance = RawInstance.answering("plain");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABk\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("plain");
            assertThat(instance.requests.get(0).headers())
                    .doesNotContainKeys("upgrade", "connection", "http2-settings");
        }
    }

    @Test
    void switchToAnotherProtocolThanTheOneAskedForIsABadGateway() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
                    line.in.read();
                });
                RawClient client = client(instance)) {
            assertThat(client.send(Frames.ASK).read().status()).isEqualTo(502);
        }
    }

    @Test
    void endOfOneSideIsTheEndOfTheOther() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    line.socket.getOutputStream().write(Frames.close(1000, false));
                });
                RawClient client = Frames.upgrade(client(instance))) {
            assertThat(Frames.read(client.in()).code()).isEqualTo(1000);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void instanceHearsWithinASecondThatTheClientIsGone() throws Exception {
        CompletableFuture<Long> heard = new CompletableFuture<>();
        try (RawInstance instance = new RawInstance(line -> {
            line.read();
            line.say(Frames.AGREE);
            heard.complete(line.in.read() < 0 ? System.nanoTime() : Long.MAX_VALUE);
        })) {
            RawClient client = Frames.upgrade(client(instance));

            long closed = System.nanoTime();
            client.close();

            assertThat(heard.get(10, TimeUnit.SECONDS) - closed).isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheInstance() throws Exception {
        AtomicLong written = new AtomicLong();
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    byte[] frame = Frames.frame(2, new byte[64 * 1024], false);
                    while (written.get() < 100_000_000) {
                        line.socket.getOutputStream().write(frame);
                        written.addAndGet(frame.length);
                    }
                });
                RawClient client = Frames.upgrade(client(instance))) {
            Standstill.of(written);

            assertThat(written.get()).isLessThan(50_000_000);
            for (long read = 0; read < 100_000_000; read += 64 * 1024) {
                assertThat(Frames.read(client.in()).payload()).hasSize(64 * 1024);
            }
        }
    }

    // --- the world

    private RawInstance echo() throws IOException {
        return new RawInstance(line -> {
            line.read();
            line.say(Frames.AGREE);
            while (true) {
                Frames.Frame frame = Frames.read(line.in);
                line.socket.getOutputStream().write(Frames.frame(frame.opcode(), frame.payload(), false));
                if (frame.opcode() == Frames.CLOSE) {
                    return;
                }
            }
        });
    }

    private RawClient client(RawInstance instance) throws IOException {
        if (traffic.route().active().isEmpty()) {
            traffic.switchTo(instance.target("shop-1"), 1);
        }
        return new RawClient(traffic.address());
    }

    private static CompletableFuture<Void> sent(RawClient client, byte[] bytes) {
        return CompletableFuture.runAsync(() -> {
            try {
                client.socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
