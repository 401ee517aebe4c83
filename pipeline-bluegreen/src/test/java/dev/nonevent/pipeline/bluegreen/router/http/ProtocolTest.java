package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1.1 byte for byte, on both sides of the router. */
@Timeout(60)
class ProtocolTest {

    private static final int LARGE = 32 * 1024 * 1024;

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
    void connectionsAreKeptAliveOnBothSides() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello");
                RawClient client = client(instance)) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.get("/" + i).body()).isEqualTo("hello");
            }

            assertThat(instance.connections).hasValue(1);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        line.answer(line.read().firstLine());
                    }
                });
                RawClient client = client(instance)) {
            client.send("GET /1 HTTP/1.1\r\nHost: shop\r\n\r\n"
                    + "POST /2 HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc"
                    + "POST /3 HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                    + "GET /4 HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("GET /1 HTTP/1.1");
            assertThat(client.read().body()).isEqualTo("POST /2 HTTP/1.1");
            assertThat(client.read().body()).isEqualTo("POST /3 HTTP/1.1");
            assertThat(client.read().body()).isEqualTo("GET /4 HTTP/1.1");
            assertThat(instance.requests.get(1).body()).isEqualTo("abc");
            assertThat(instance.requests.get(2).body()).isEqualTo("abc");
        }
    }

    @Test
    void chunksAndTrailersPassBothWays() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nDigest: x\r\n\r\n");
                });
                RawClient client = client(instance)) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "4\r\nwiki\r\n5\r\npedia\r\n0\r\nChecksum: y\r\n\r\n");

            RawClient.Message answer = client.read();

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.headers()).containsEntry("trailer:digest", "x");
            assertThat(instance.requests.get(0).body()).isEqualTo("wikipedia");
            assertThat(instance.requests.get(0).headers()).containsEntry("trailer:checksum", "y");
        }
    }

    @Test
    void firstChunkArrivesBeforeTheLastIsWritten() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                    await(seen);
                    line.say("0\r\n\r\n");
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            StringBuilder read = new StringBuilder();
            while (!read.toString().contains("first")) {
                read.append((char) client.socket.getInputStream().read());
            }
            seen.countDown();

            assertThat(read).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void headHasALengthAndNoBody() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        line.read();
                        line.say("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
                    }
                });
                RawClient client = client(instance)) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n");
                assertThat(client.readWithoutBody().headers()).containsEntry("content-length", "1234");
            }
            assertThat(instance.connections).hasValue(1);
        }
    }

    @Test
    void notModifiedAndNoContentHaveNoBody() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        String first = line.read().firstLine();
                        line.say(
                                first.contains("/304")
                                        ? "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"
                                        : "HTTP/1.1 204 No Content\r\n\r\n");
                    }
                });
                RawClient client = client(instance)) {
            client.send("GET /304 HTTP/1.1\r\nHost: shop\r\n\r\nGET /204 HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.readWithoutBody().status()).isEqualTo(304);
            assertThat(client.readWithoutBody().status()).isEqualTo(204);
        }
    }

    @Test
    void largeUploadIsStreamed() throws Exception {
        AtomicLong received = new AtomicLong();
        CountDownLatch halfSeen = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    byte[] buffer = new byte[64 * 1024];
                    while (received.get() < LARGE) {
                        int count = line.in.read(buffer);
                        if (received.addAndGet(count) >= LARGE / 2) {
                            halfSeen.countDown();
                        }
                    }
                    line.answer("got it");
                });
                RawClient client = client(instance)) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + LARGE + "\r\n\r\n");
            byte[] block = new byte[LARGE / 8];
            for (int i = 0; i < 5; i++) {
                client.socket.getOutputStream().write(block);
            }
            assertThat(halfSeen.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 5; i < 8; i++) {
                client.socket.getOutputStream().write(block);
            }

            assertThat(client.read().body()).isEqualTo("got it");
            assertThat(received).hasValue(LARGE);
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheInstance() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: " + 8L * LARGE + "\r\n\r\n");
                    byte[] block = new byte[64 * 1024];
                    try {
                        while (written.get() < 8L * LARGE) {
                            line.socket.getOutputStream().write(block);
                            written.addAndGet(block.length);
                        }
                    } finally {
                        over.countDown();
                    }
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            Standstill.of(written);

            assertThat(written.get()).isLessThan(8L * LARGE);
            long read = 0;
            byte[] buffer = new byte[64 * 1024];
            while (read < 8L * LARGE) {
                int count = client.socket.getInputStream().read(buffer);
                assertThat(count).isPositive();
                read += count;
            }
            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(written).hasValue(8L * LARGE);
        }
    }

    @Test
    void earlyHintsArriveBeforeTheAnswer() throws Exception {
        CountDownLatch hinted = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                    await(hinted);
                    line.answer("page");
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            RawClient.Message hints = client.readWithoutBody();
            hinted.countDown();

            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.headers()).containsEntry("link", "</a.css>").doesNotContainKey("transfer-encoding");
            assertThat(client.read().body()).isEqualTo("page");
        }
    }

    @Test
    void continueIsNotSaidByTheRouter() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
                    line.in.read();
                });
                RawClient client = client(instance)) {
            client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(417);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void pipelinedAnswersWithAndWithoutBodiesAreNotMixed() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        String first = line.read().firstLine();
                        if (first.startsWith("HEAD")) {
                            line.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                        } else if (first.contains("/204")) {
                            line.say("HTTP/1.1 204 No Content\r\n\r\n");
                        } else {
                            line.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n"
                                    + "abc\r\n0\r\n\r\n");
                        }
                    }
                });
                RawClient client = client(instance)) {
            client.send("HEAD /1 HTTP/1.1\r\nHost: shop\r\n\r\nGET /204 HTTP/1.1\r\nHost: shop\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: shop\r\n\r\nHEAD /4 HTTP/1.1\r\nHost: shop\r\n\r\n"
                    + "GET /5 HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.readWithoutBody().headers()).containsEntry("content-length", "1000");
            assertThat(client.readWithoutBody().status()).isEqualTo(204);
            assertThat(client.read().body()).isEqualTo("abc");
            assertThat(client.readWithoutBody().headers()).containsEntry("content-length", "1000");
            assertThat(client.read().body()).isEqualTo("abc");
        }
    }

    @Test
    void trailersOfTheInstanceCannotChangeTheHead() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                            + "Set-Cookie: a=b\r\nConnection: close\r\nChecksum: y\r\n\r\n");
                });
                RawClient client = client(instance)) {
            assertThat(client.get("/").headers())
                    .containsEntry("trailer:checksum", "y")
                    .doesNotContainKeys("trailer:set-cookie", "trailer:connection");
        }
    }

    @Test
    void continueIsAskedOfTheInstance() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 100 Continue\r\n\r\n");
                    line.answer(new String(line.in.readNBytes(4), StandardCharsets.ISO_8859_1));
                });
                RawClient client = client(instance)) {
            client.send("PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readWithoutBody().status()).isEqualTo(100);
            client.send("data");

            assertThat(client.read().body()).isEqualTo("data");
        }
    }

    @Test
    void clientOfHttp10GetsNoChunksAndTheEndIsTheClose() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
                    line.in.read();
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            RawClient.Message answer = client.read();

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.headers()).doesNotContainKey("transfer-encoding").containsEntry("connection", "close");
        }
    }

    @Test
    void headersOfOneConnectionStayAndForgeriesAreReplaced() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client(instance)) {
            client.send(
                    "GET /a?b=c HTTP/1.1\r\nHost: shop.example\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\n"
                            + "Keep-Alive: timeout=5\r\nProxy-Authorization: x\r\nX-Forwarded-For: 6.6.6.6\r\n"
                            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nForwarded: for=6.6.6.6\r\nX-Kept: yes\r\n\r\n");
            client.read();

            RawClient.Message seen = instance.requests.get(0);
            assertThat(seen.firstLine()).isEqualTo("GET /a?b=c HTTP/1.1");
            assertThat(seen.headers())
                    .containsEntry("host", "shop.example")
                    .containsEntry("x-forwarded-for", "127.0.0.1")
                    .containsEntry("x-forwarded-proto", "http")
                    .containsEntry("x-forwarded-host", "shop.example")
                    .containsEntry("x-kept", "yes")
                    .containsKey("x-request-id")
                    .doesNotContainKeys("x-secret", "keep-alive", "connection", "proxy-authorization", "forwarded");
        }
    }

    @Test
    void absoluteTargetBecomesAPathAndItsHost() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client(instance)) {
            client.send("GET http://real.example/a?b HTTP/1.1\r\nHost: other\r\n\r\n");
            client.read();

            assertThat(instance.requests.get(0).firstLine()).isEqualTo("GET /a?b HTTP/1.1");
            assertThat(instance.requests.get(0).headers()).containsEntry("host", "real.example");
        }
    }

    // --- the world

    private RawClient client(RawInstance instance) throws IOException {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new RawClient(
                InetAddress.getLoopbackAddress().getHostAddress(),
                traffic.address().getPort());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new EOFException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
