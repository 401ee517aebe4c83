package dev.nonevent.pipeline.bluegreen.router.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsTest {

    private static final String FRESH = "app=\"shop\",colour=\"blue\",version=\"shop-2\"";
    private static final String STABLE = "app=\"shop\",colour=\"blue\",version=\"shop-1\"";

    @TempDir
    Path home;

    private int port;
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        port = freePort();
        traffic = Router.inThisJvm(0).metrics(port).open("shop", home);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
    }

    @Test
    void everythingIsToldAsItWas() throws Exception {
        try (RawInstance fresh = new RawInstance(line -> {
                    while (true) {
                        boolean good = line.read().firstLine().contains("/good");
                        line.say("HTTP/1.1 " + (good ? 200 : 503) + " So\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                RawInstance stable = RawInstance.answering("stable")) {
            traffic.switchTo(Routing.to(fresh.target("shop-2")).standby(stable.target("shop-1")), 7);
            try (RawClient client = new RawClient(traffic.address())) {
                for (int i = 0; i < 3; i++) {
                    client.get("/good");
                    client.get("/bad");
                }

                String told = scrape().body();

                assertThat(told)
                        .contains(
                                "nonevent_requests_total{app=\"shop\",code=\"2xx\",colour=\"blue\",version=\"shop-2\"} 3.0")
                        .contains(
                                "nonevent_requests_total{app=\"shop\",code=\"5xx\",colour=\"blue\",version=\"shop-2\"} 3.0")
                        .contains(
                                "nonevent_requests_total{app=\"shop\",code=\"2xx\",colour=\"blue\",version=\"shop-1\"} 3.0")
                        .contains("nonevent_requests_failed_total{" + FRESH + "} 3.0")
                        .contains("nonevent_requests_replayed_total{" + FRESH + "} 3.0")
                        .contains("nonevent_requests_failed_total{" + STABLE + "} 0.0")
                        .contains("nonevent_requests_cut_total{" + FRESH + "} 0.0")
                        .contains("nonevent_requests_in_flight{" + FRESH + "} 0.0")
                        .contains("nonevent_request_duration_seconds_count{" + FRESH + "} 3")
                        .contains("nonevent_request_duration_seconds_bucket{" + FRESH + ",le=\"+Inf\"} 3")
                        .contains("nonevent_switches_total{app=\"shop\"} 1.0")
                        .contains("nonevent_route_fence{app=\"shop\"} 7.0")
                        .contains("nonevent_requests_held{app=\"shop\"} 0.0")
                        .contains("nonevent_connections_turned_away_total{app=\"shop\"} 0.0")
                        .contains("nonevent_connections_open{app=\"shop\"} 1.0");
            }
        }
    }

    @Test
    void answersAreInTheBucketOfTheirTime() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
            line.read();
            try {
                TimeSource.system().sleep(Duration.ofMillis(30));
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            line.answer("slow");
        })) {
            traffic.switchTo(instance.target("shop-2"), 1);
            try (RawClient client = new RawClient(traffic.address())) {
                client.get("/");
            }

            assertThat(scrape().body())
                    .contains("nonevent_request_duration_seconds_bucket{" + FRESH + ",le=\"0.025\"} 0")
                    .contains("nonevent_request_duration_seconds_bucket{" + FRESH + ",le=\"10.0\"} 1");
        }
    }

    @Test
    void whatTheRouterRefusesIsCountedByTheReason() throws Exception {
        refusedAs("nowhere", "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
        refusedAs("malformed", "GET /bad HTTP/1.1\r\n\r\n");
        refusedAs("not_offered", "CONNECT shop:443 HTTP/1.1\r\nHost: shop:443\r\n\r\n");
        refusedAs("head_too_large", "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: shop\r\n\r\n");
        assertThat(scrape().body())
                .contains("nonevent_requests_refused_total{app=\"shop\",reason=\"body_too_large\"} 0.0")
                .contains("nonevent_requests_refused_total{app=\"shop\",reason=\"head_too_slow\"} 0.0");
    }

    @Test
    void whoIsNotLetInIsCountedByTheReason() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            Routing open = Routing.to(instance.target("shop-1"));
            traffic.switchTo(open.admission(new Admission.Stopped("tomorrow")), 1);
            refusedAs("stopped", "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            traffic.switchTo(open.admission(new Admission.Held(Duration.ofMillis(50), 1)), 1);
            refusedAs("held_too_long", "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            traffic.switchTo(open.admission(new Admission.Held(Duration.ofMinutes(1), 1)), 1);
            try (RawClient held = new RawClient(traffic.address())) {
                held.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                awaitLine("nonevent_requests_held{app=\"shop\"} 1.0");
                refusedAs("too_many_held", "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                traffic.switchTo(open, 1);
                assertThat(held.read().body()).isEqualTo("ok");
            }
        }
    }

    private void refusedAs(String reason, String request) throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            assertThat(client.send(request).read().status()).isGreaterThanOrEqualTo(400);
        }
        assertThat(scrape().body())
                .contains("nonevent_requests_refused_total{app=\"shop\",reason=\"" + reason + "\"} 1.0");
    }

    private void awaitLine(String line) throws Exception {
        Awaited.that(() -> assertThat(scrape().body()).contains(line));
    }

    @Test
    void textFormatIsToldUnlessOpenMetricsIsAskedFor() throws Exception {
        RawClient.Message text = scrape();
        RawClient.Message open = ask("GET /metrics HTTP/1.1\r\nHost: x\r\n"
                + "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n\r\n");

        assertThat(text.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(open.headers().get("content-type")).startsWith("application/openmetrics-text");
        assertThat(open.body()).endsWith("# EOF\n");
    }

    @Test
    void nothingElseIsThere() throws Exception {
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").status()).isEqualTo(404);
        RawClient.Message post = ask("POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.headers()).containsEntry("allow", "GET");
    }

    @Test
    void portThatIsTakenIsSaidAndTakenWhenItIsFree() throws Exception {
        int second = freePort();
        Traffic other;
        try (ServerSocket taken = new ServerSocket(second, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            other = Router.inThisJvm(0).metrics(second).open("shop", home.resolve("other"));
        }
        try {
            assertThat(Files.readString(home.resolve("other").resolve("router.log")))
                    .contains("the metrics cannot be shown on port " + second);
            assertThat(eventually(second).status()).isEqualTo(200);
        } finally {
            other.shutDown(Long.MAX_VALUE);
        }
    }

    @Test
    void portsThatCannotBeAreProblems() {
        assertThat(Router.router(8000).metrics(8000).problems())
                .containsExactly(
                        "metrics cannot be shown on port 8000: take one from 1 to 65535 that users do not have");
        assertThat(Router.router(8000).metrics(0).problems()).hasSize(1);
        assertThat(Router.router(8000).metrics(9100).problems()).isEmpty();
    }

    // --- the world

    private RawClient.Message scrape() throws IOException {
        return ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    private RawClient.Message ask(String request) throws IOException {
        try (RawClient client = new RawClient("127.0.0.1", port)) {
            return client.send(request).read();
        }
    }

    private static RawClient.Message eventually(int port) throws Exception {
        return Awaited.value(() -> {
            try (RawClient client = new RawClient("127.0.0.1", port)) {
                return client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").read();
            }
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
