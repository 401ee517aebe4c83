package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that end early, on either side, and what is and is not sent again. */
@Timeout(60)
class BrokenConnectionTest {

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
    void answerBeforeTheUploadIsOverIsDelivered() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    line.in.readAllBytes();
                });
                RawClient client = client(instance)) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000000\r\n\r\nsome");

            RawClient.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("big");
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void answerOfAnInstanceThatClosesInTheMiddleOfTheUploadIsDelivered() throws Exception {
        byte[] block = new byte[256 * 1024];
        try (RawInstance instance = new RawInstance(line -> {
            line.readHead();
            line.say("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig");
        })) {
            for (int i = 0; i < 30; i++) {
                try (RawClient client = client(instance)) {
                    CompletableFuture<Void> uploading = CompletableFuture.runAsync(() -> {
                        try {
                            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 8000000\r\n\r\n");
                            for (int n = 0; n < 30; n++) {
                                client.socket.getOutputStream().write(block);
                            }
                        } catch (IOException e) {
                            // the rest is not wanted
                            return;
                        }
                    });

                    assertThat(client.read().status()).isEqualTo(413);
                    client.close();
                    uploading.get(10, TimeUnit.SECONDS);
                }
            }
            assertThat(counts().failed()).isZero();
        }
    }

    @Test
    void bodyShorterThanItsLengthIsNotTakenForAWholeOne() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
                RawClient client = client(instance)) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            assertThat(counts().failed()).isEqualTo(1);
        }
    }

    @Test
    void instanceHearsWithinASecondThatTheClientLeftInTheMiddleOfItsUpload() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Long> told = new CompletableFuture<>();
        try (RawInstance instance = new RawInstance(line -> {
            line.readHead();
            asked.countDown();
            try {
                line.in.readAllBytes();
            } finally {
                told.complete(System.nanoTime());
            }
        })) {
            RawClient client = client(instance);
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1000\r\n\r\nhalf");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            long left = System.nanoTime();
            client.close();

            assertThat(told.get(10, TimeUnit.SECONDS) - left).isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(counts().failed()).isZero();
        }
    }

    @Test
    void answerThatEndsWithItsConnectionIsDelivered() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\n\r\nuntil the end");
                });
                RawClient client = client(instance)) {
            assertThat(client.get("/").body()).isEqualTo("until the end");
            assertThat(client.get("/").body()).isEqualTo("until the end");
            assertThat(instance.connections).hasValue(2);
        }
    }

    @Test
    void instanceHearsThatTheClientIsGone() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
            line.read();
            asked.countDown();
            if (line.in.read() < 0) {
                told.countDown();
            }
        })) {
            RawClient client = client(instance);
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

            client.close();

            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(counts().failed()).isZero();
        }
    }

    @Test
    void instanceThatDiesBeforeItsAnswerIsABadGateway() throws Exception {
        try (RawInstance instance = new RawInstance(RawInstance.Line::read);
                RawClient client = client(instance)) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(counts().failed()).isEqualTo(2);
        }
    }

    @Test
    void instanceThatIsGoneIsABadGatewayThatSaysSo() throws Exception {
        RawInstance instance = RawInstance.answering("gone");
        try (RawClient client = client(instance)) {
            instance.close();

            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("the instance takes no connection: refused");
        }
    }

    @Test
    void halfAnAnswerIsNotTakenForAWholeOne() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                });
                RawClient client = client(instance)) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            assertThat(counts().failed()).isEqualTo(1);
        }
    }

    @Test
    void garbageFromTheInstanceIsABadGateway() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("220 ftp ready\r\n\r\n");
                    line.in.read();
                });
                RawClient client = client(instance)) {
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void getOnAConnectionClosedMeanwhileIsSentAgain() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.answer("hello");
                    if (line.number == 1) {
                        // a second request arrives, and gets no answer
                        line.read();
                        return;
                    }
                    line.in.read();
                });
                RawClient client = client(instance)) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            assertThat(client.get("/2").status()).isEqualTo(200);

            assertThat(instance.connections).hasValue(2);
            assertThat(counts().requests()).isEqualTo(2);
            assertThat(counts().failed()).isZero();
        }
    }

    @Test
    void postIsNeverSentTwice() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.answer("hello");
                    line.read();
                });
                RawClient client = client(instance)) {
            assertThat(client.get("/1").status()).isEqualTo(200);
            client.send("POST /2 HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\n\r\nx");

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(instance.requests).hasSize(2);
        }
    }

    @Test
    void idleConnectionsOfTheOldSideAreClosedAfterASwitch() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawInstance old = new RawInstance(line -> {
                    line.read();
                    line.answer("old");
                    if (line.in.read() < 0) {
                        closed.countDown();
                    }
                });
                RawInstance fresh = RawInstance.answering("new");
                RawClient client = client(old)) {
            assertThat(client.get("/").body()).isEqualTo("old");

            traffic.switchTo(fresh.target("shop-2"), 1);

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("/").body()).isEqualTo("new");
        }
    }

    @Test
    void connectionCloseIsHonoured() throws Exception {
        try (RawInstance instance = RawInstance.answering("bye");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("bye");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void beforeTheFirstReleaseThereIsASentence() throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).contains("no release has been given traffic yet");
            assertThat(client.get("/").status()).isEqualTo(503);
        }
    }

    // --- the world

    private RawClient client(RawInstance instance) throws IOException {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new RawClient(
                InetAddress.getLoopbackAddress().getHostAddress(),
                traffic.address().getPort());
    }

    private Counts counts() {
        return traffic.counts().get(0);
    }
}
