package dev.nonevent.pipeline.bluegreen.router.http;

import static dev.nonevent.pipeline.bluegreen.router.StreamClient.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of HTTP/2 that ask for too much are stopped, and others are served. */
@Timeout(60)
class StreamFloodTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private RawInstance instance;
    private FrontDoor door;

    @BeforeEach
    void open() throws Exception {
        instance = new RawInstance(line -> {
            while (true) {
                if (line.read().firstLine().contains("/silent")) {
                    awaitForEver();
                }
                line.answer("ok");
            }
        });
        door = door(Limits.usual());
    }

    @AfterEach
    void close() throws Exception {
        never.countDown();
        door.close();
        instance.close();
    }

    @Test
    void clientThatResetsWhatItAskedOverAndOverIsSentAway() throws Exception {
        try (StreamClient client = new StreamClient(door.address());
                StreamClient other = new StreamClient(door.address())) {
            untilItIsClosed(
                    client, () -> client.open(head("GET", "/silent"), true).reset());

            assertSentAway(client);
            assertThat(other.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void clientWhoseFaultsMakeTheRouterResetOverAndOverIsSentAway() throws Exception {
        try (StreamClient client = new StreamClient(door.address())) {
            untilItIsClosed(client, () -> client.open(head("GET", "/", "connection", "close"), true));

            assertSentAway(client);
        }
    }

    @Test
    void silentStreamsDoNotHoldUpAnother() throws Exception {
        try (StreamClient client = new StreamClient(door.address())) {
            assertThat(client.settings.get().maxConcurrentStreams()).isEqualTo(100);
            List<StreamClient.Exchange> silent = new ArrayList<>();
            for (int i = 0; i < 99; i++) {
                silent.add(client.open(head("GET", "/silent"), true));
            }

            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(silent).noneMatch(each -> each.status != 0);
        }
    }

    @Test
    void headerFieldsThatAreTooLargeAreToldSo() throws Exception {
        try (StreamClient client = new StreamClient(door.address())) {
            String large = "x".repeat(66 * 1024);

            StreamClient.Answer answer = client.get("/", "x-large", large);

            assertThat(answer.status()).isEqualTo(431);
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void pathThatIsTooLongIsToldSo() throws Exception {
        try (StreamClient client = new StreamClient(door.address())) {
            StreamClient.Answer answer = client.get("/" + "x".repeat(20 * 1024));

            assertThat(answer.status()).isEqualTo(414);
        }
    }

    @Test
    void endlessHeaderIsTheEndOfTheConnection() throws Exception {
        try (RawClient client = new RawClient(door.address())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, ""));
            client.send(frame(1, 0, 1, "\u0082"));
            for (int i = 0; i < 64; i++) {
                client.send(frame(9, 0, 1, ""));
            }

            assertThat(endsWithin(client, 10_000)).isTrue();
        }
    }

    @Test
    void clientThatDribblesItsFirstBytesIsNotWaitedFor() throws Exception {
        door.close();
        door = door(Limits.usual().withClients(new Limits.Clients(10, Duration.ofMillis(100), 100, Long.MAX_VALUE)));
        try (RawClient client = new RawClient(door.address())) {
            client.send("PRI * HTT");

            assertThat(endsWithin(client, 10_000)).isTrue();
        }
    }

    @Test
    void streamWhoseBodyDoesNotComeIsEnded() throws Exception {
        door.close();
        door = door(Limits.usual().withClientIdle(Duration.ofMillis(200)));
        try (StreamClient client = new StreamClient(door.address())) {
            var asked = client.open(head("POST", "/", "content-length", "10"), false);
            asked.send("abc", false);

            assertThat(asked.awaitReset()).isEqualTo(Http2Error.CANCEL);
        }
    }

    @Test
    void connectionOnWhichNothingHappensIsEndedWithAGoodbye() throws Exception {
        door.close();
        door = door(Limits.usual().withClientIdle(Duration.ofMillis(200)));
        try (StreamClient client = new StreamClient(door.address())) {
            assertThat(client.get("/").body()).isEqualTo("ok");

            assertThat(client.goAway.get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.NO_ERROR.code());
        }
    }

    /** The goodbye is lost where the client's flood meets the closed connection; the end is not. */
    private static void assertSentAway(StreamClient client) throws Exception {
        long calm = Http2Error.ENHANCE_YOUR_CALM.code();

        assertThat(client.goAway.exceptionally(lost -> calm).get(10, TimeUnit.SECONDS))
                .isEqualTo(calm);
        assertThat(client.channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
    }

    private interface Ask {
        void run() throws Exception;
    }

    private static void untilItIsClosed(StreamClient client, Ask ask) throws Exception {
        try {
            for (int i = 0; i < 1_000; i++) {
                ask.run();
            }
        } catch (java.nio.channels.ClosedChannelException e) {
            assertThat(client.channel.isActive()).isFalse();
        }
    }

    private FrontDoor door(Limits limits) throws InterruptedException {
        Route route = new Route(Routing.to(instance.target("shop-1")), 0, 0);
        Switchboard switchboard = new Switchboard(route, ignored -> {}, TimeSource.system());
        return new FrontDoor(switchboard, FrontDoor.LOOPBACK, 0, limits);
    }

    private static String frame(int type, int flags, int stream, String payload) {
        return "" + (char) 0 + (char) (payload.length() >> 8) + (char) (payload.length() & 255) + (char) type
                + (char) flags + (char) 0 + (char) 0 + (char) 0 + (char) stream + payload;
    }

    /** Reads whatever the router still says. */
    private static boolean endsWithin(RawClient client, int millis) throws Exception {
        client.socket.setSoTimeout(millis);
        byte[] said = new byte[1024];
        try {
            int read = client.socket.getInputStream().read(said);
            while (read >= 0) {
                read = client.socket.getInputStream().read(said);
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    private void awaitForEver() throws java.io.IOException {
        try {
            if (never.await(60, TimeUnit.SECONDS)) {
                throw new java.io.IOException("the test is over");
            }
        } catch (InterruptedException e) {
            throw new java.io.IOException(e);
        }
    }
}
