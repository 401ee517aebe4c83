package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users who read why they are turned away. */
@Timeout(60)
class StopTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";

    private final Switchboard traffic = new Switchboard(Route.none(), route -> {}, TimeSource.system());
    private FrontDoor door;

    @BeforeEach
    void open() throws Exception {
        door = new FrontDoor(traffic, FrontDoor.LOOPBACK, 0, Limits.usual());
        traffic.whenClosed(door::forget);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void browserGetsAPageWithTheMessageAsText() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client()) {
            put(stopped(instance, "Back at <b>nine</b> & \"sharp\"\nSorry"));

            client.send("GET / HTTP/1.1\r\nHost: shop\r\nAccept: text/html,*/*;q=0.8\r\n\r\n");
            RawClient.Message page = client.read();

            assertThat(page.status()).isEqualTo(503);
            assertThat(page.headers())
                    .containsEntry("content-type", "text/html; charset=utf-8")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("retry-after", "30");
            assertThat(page.body())
                    .startsWith("<!doctype html>")
                    .contains("<p>Back at &lt;b&gt;nine&lt;/b&gt; &amp; &quot;sharp&quot;\nSorry</p>");
            assertThat(instance.requests).isEmpty();
        }
    }

    @Test
    void programGetsTheMessageAsPlainTextOnAConnectionThatGoesOn() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client()) {
            put(stopped(instance, "Back at <nine>"));

            RawClient.Message refused = client.get("/");
            client.send("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n");
            RawClient.Message head = client.readWithoutBody();
            put(Routing.to(instance.target("shop-1")));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("content-type", "text/plain; charset=utf-8");
            assertThat(refused.body()).isEqualTo("Back at <nine>\n");
            assertThat(head.headers()).containsEntry("content-length", "15");
            assertThat(client.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void whatIsInFlightIsAnsweredAfterAStop() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    arrived.countDown();
                    await(go);
                    line.answer("late");
                });
                RawClient client = client()) {
            put(Routing.to(instance.target("shop-1")));
            client.send(GET);
            assertThat(arrived.await(20, TimeUnit.SECONDS)).isTrue();

            put(stopped(instance, ""));
            RawClient.Message refused = client().get("/");
            go.countDown();

            assertThat(client.read().body()).isEqualTo("late");
            assertThat(refused.body()).contains("down for maintenance");
        }
    }

    @Test
    void usersWhoAreTurnedAwayAreNoFailureOfAnybody() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client()) {
            put(stopped(instance, "later"));
            client.get("/");
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(Duration.ofMillis(1), 1)));
            client.get("/");

            assertThat(traffic.counts()).allMatch(counts -> counts.requests() == 0 && counts.failed() == 0);
        }
    }

    // --- the world

    private static Routing stopped(RawInstance instance, String message) {
        return Routing.to(instance.target("shop-1")).admission(new Admission.Stopped(message));
    }

    private void put(Routing routing) {
        traffic.switchTo(routing, 1);
    }

    private RawClient client() throws IOException {
        return new RawClient(door.address());
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
