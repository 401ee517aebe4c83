package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Metrics, access log and trust in the process of its own, that gets them from its settings. */
@Timeout(60)
class WatchedDaemonTest {

    @TempDir
    Path home;

    @Test
    void daemonIsWatchedAsDeclared() throws Exception {
        int port = freePort();
        Path log = home.resolve("access.log");
        Traffic traffic = Router.router(0)
                .metrics(port)
                .accessLog(log)
                .trusting("127.0.0.1")
                .open("shop", home.resolve("router"));
        String told;
        try (RawInstance instance = RawInstance.answering("hello")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            try (RawClient client = new RawClient(traffic.address())) {
                client.send("GET /a HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n")
                        .read();
            }
            assertThat(instance.requests.get(0).headers()).containsEntry("x-forwarded-for", "203.0.113.9, 127.0.0.1");
            try (RawClient prometheus = new RawClient("127.0.0.1", port)) {
                told = prometheus.get("/metrics").body();
            }
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }

        assertThat(told).contains("nonevent_requests_total{app=\"shop\",code=\"2xx\"");
        assertThat(Files.readAllLines(log)).singleElement().asString().contains("\"path\":\"/a\"");
    }

    @Test
    void routerThatTakesOverShowsTheMetricsFromThenOn() throws Exception {
        int port = freePort();
        Path log = home.resolve("access.log");
        Router declared = Router.router(0).metrics(port);
        Traffic traffic = declared.open("shop", home.resolve("router"));
        try (RawInstance instance = RawInstance.answering("hello")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            get(traffic, "/before");
            get(traffic, "/before");

            traffic = declared.accessLog(log).open("shop", home.resolve("router"));
            get(traffic, "/after");

            // the one before answered two
            awaitScrape(port, "code=\"2xx\",colour=\"blue\",version=\"shop-1\"} 1.0");
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
        assertThat(Files.readAllLines(log)).singleElement().asString().contains("\"path\":\"/after\"");
    }

    private static void get(Traffic traffic, String path) throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            assertThat(client.get(path).status()).isEqualTo(200);
        }
    }

    /** The router that takes over asks for the port once a second. */
    private static void awaitScrape(int port, String part) throws Exception {
        Awaited.that(() -> {
            try (RawClient client = new RawClient("127.0.0.1", port)) {
                assertThat(client.get("/metrics").body()).contains(part);
            }
        });
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
