package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new release fails, and the standby answers because the client has said that once is enough. */
class DeclaredReplayTest extends ReplayWorld {

    private static final String NO = "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
    void requestsWithAKeyAreReplayedWithTheirBody(String method) throws Exception {
        try (RawInstance fresh = saying(NO);
                RawClient client = client(fresh)) {
            client.send(head(method, 5) + "order");

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(fresh.requests.get(0).body()).isEqualTo("order");
            assertThat(stable.requests.get(0).firstLine()).isEqualTo(method + " /orders HTTP/1.1");
            assertThat(stable.requests.get(0).headers()).containsEntry("idempotency-key", "4711");
            assertThat(stable.requests.get(0).body()).isEqualTo("order");
            assertThat(counts("fresh").replayed()).isEqualTo(1);
        }
    }

    @Test
    void longestBodyThatIsKeptIsReplayedAndOneByteMoreIsNot() throws Exception {
        String longest = "x".repeat(16_384);
        try (RawInstance fresh = saying(NO);
                RawClient client = client(fresh)) {
            client.send(head("POST", longest.length()) + longest);
            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(stable.requests.get(0).body()).isEqualTo(longest);

            client.send(head("POST", longest.length() + 1) + longest + "x");
            assertThat(client.read().status()).isEqualTo(503);
            assertThat(stable.requests).hasSize(1);
        }
    }

    @Test
    void requestThatFailsBeforeAllOfItHasArrivedIsReplayedAsAWhole() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.readHead();
                    line.say(NO);
                    answered.countDown();
                });
                RawClient client = client(fresh)) {
            client.send(head("POST", 6) + "abc");
            await(answered);
            client.send("def");

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(stable.requests.get(0).body()).isEqualTo("abcdef");
        }
    }

    @Test
    void requestThatNobodyTookIsReplayedWithItsBody() throws Exception {
        Target nobody = new Target(Colour.GREEN, "fresh", nobodyThere());
        traffic.switchTo(Routing.to(nobody).standby(stable.target("stable")), 1);
        try (RawClient client = new RawClient(traffic.address())) {
            client.send(head("POST", 5) + "order");

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(stable.requests.get(0).body()).isEqualTo("order");
        }
    }

    @Test
    void connectionGoesOnBehindAReplayedBody() throws Exception {
        try (RawInstance fresh = saying(NO);
                RawClient client = client(fresh)) {
            for (int i = 0; i < 50; i++) {
                client.send(head("POST", 8) + "order %02d".formatted(i));
                assertThat(client.read().body()).isEqualTo("stable");
            }

            assertThat(stable.requests).hasSize(50);
            assertThat(stable.requests.get(49).body()).isEqualTo("order 49");
            assertThat(counts("fresh").inFlight() + counts("stable").inFlight()).isZero();
        }
    }

    @Test
    void streamsWithAKeyAreReplayedWithTheirBody() throws Exception {
        try (RawInstance fresh = saying(NO);
                RawClient other = client(fresh);
                StreamClient client = new StreamClient(traffic.address())) {
            var post = client.open(
                    StreamClient.head("POST", "/orders", "idempotency-key", "4711", "content-length", "5"), false);

            assertThat(post.send("order", true).answer().body()).isEqualTo("stable");
            assertThat(stable.requests.get(0).body()).isEqualTo("order");
            assertThat(other.get("/").body()).isEqualTo("stable");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: shop\r\nX-Idempotency: 1\r\nContent-Length: 1\r\n\r\nx"
            })
    void whatMayBeLongOrIsNotDeclaredIsNeverSentToAnotherSide(String request) throws Exception {
        try (RawInstance fresh = saying(NO);
                RawClient client = client(fresh)) {
            client.send(request);

            assertThat(client.read().status()).isEqualTo(503);
            assertThat(stable.requests).isEmpty();
        }
    }

    private static String head(String method, int length) {
        return method + " /orders HTTP/1.1\r\nHost: shop\r\nIdempotency-Key: 4711\r\nContent-Length: " + length
                + "\r\n\r\n";
    }
}
