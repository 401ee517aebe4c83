package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.switchboard.RouteFile;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A router that comes back has its targets from a file: it serves them at once, and asks them before it trusts them. */
@Timeout(60)
class RestoredTargetTest {

    @TempDir
    Path home;

    private int metrics;
    private Traffic traffic;

    @BeforeEach
    void port() throws Exception {
        metrics = freePort();
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
    }

    @Test
    void targetThatTakesAConnectionIsTrusted() throws Exception {
        try (RawInstance active = RawInstance.answering("active");
                RawInstance canary = RawInstance.answering("canary");
                RawInstance standby = RawInstance.answering("standby");
                RawInstance preview = RawInstance.answering("preview")) {
            Route route = restored(Routing.to(active.target("a"))
                    .canary(Canary.of(canary.target("b"), 10))
                    .standby(standby.target("c"))
                    .preview(preview.target("d")));

            awaitMetrics("version=\"a\"} 1.0", "version=\"b\"} 1.0", "version=\"c\"} 1.0", "version=\"d\"} 1.0");

            awaitLog("a of the restored route", "takes connections: it is trusted again");
            assertThat(traffic.route()).isEqualTo(route);
        }
    }

    @Test
    void targetThatIsNotThereKeepsItsTrafficAndIsTrustedOnceItComes() throws Exception {
        int port = freePort();
        Route route = restored(Routing.to(target("shop-1", port)));

        awaitLog("shop-1 of the restored route", "takes no connection");
        assertThat(scraped()).contains("version=\"shop-1\"} 0.0");
        assertThat(traffic.route()).isEqualTo(route);
        assertThat(get().status()).isEqualTo(502);

        try (RawInstance late = RawInstance.answering(port, "late")) {
            // served before anybody has found out that it is there
            assertThat(get().body()).isEqualTo("late");
            awaitMetrics("version=\"shop-1\"} 1.0");
            assertThat(traffic.route()).isEqualTo(route);
        }
    }

    @Test
    void failedRequestIsSentAgainToAStandbyOnlyOnceItHasTakenAConnection() throws Exception {
        int port = freePort();
        try (RawInstance failing = new RawInstance(line -> {
            while (true) {
                line.read();
                line.say("HTTP/1.1 503 So\r\nContent-Length: 7\r\n\r\nfailing");
            }
        })) {
            restored(Routing.to(failing.target("shop-2")).standby(target("shop-1", port)));
            awaitLog("shop-1 of the restored route", "takes no connection");

            // the answer of the one that was asked, and not that nobody answers at the other
            assertThat(get().body()).isEqualTo("failing");

            try (RawInstance late = RawInstance.answering(port, "standby")) {
                awaitMetrics("version=\"shop-1\"} 1.0");
                assertThat(get().body()).isEqualTo("standby");
            }
        }
    }

    @Test
    void whoSwitchesVouchesForWhatTheSwitchBringsIn() throws Exception {
        restored(Routing.to(target("shop-1", freePort())));
        awaitLog("shop-1 of the restored route", "takes no connection");

        traffic.switchTo(target("shop-2", freePort()), 9);

        assertThat(scraped())
                .contains("nonevent_router_target_trusted{app=\"shop\",colour=\"blue\",version=\"shop-2\"} 1.0");
        assertThat(scraped()).doesNotContain("target_trusted{app=\"shop\",colour=\"blue\",version=\"shop-1\"");
    }

    @Test
    void targetThatNeitherTakesNorRefusesHoldsUpNoOther() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawInstance standby = RawInstance.answering("standby")) {
            List<Socket> waiting = fill(deaf);
            restored(Routing.to(target("deaf", deaf.getLocalPort())).standby(standby.target("shop-1")));

            awaitMetrics("version=\"shop-1\"} 1.0", "version=\"deaf\"} 0.0");
            awaitLog("deaf of the restored route", "takes no connection");

            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    // --- the world

    /** Connections that the kernel keeps for it, until it keeps no more. */
    private static List<Socket> fill(ServerSocket deaf) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(deaf.getLocalSocketAddress(), 300);
                waiting.add(socket);
            } catch (java.net.SocketTimeoutException full) {
                socket.close();
                return waiting;
            }
        }
    }

    private Route restored(Routing routing) throws InterruptedException {
        Route route = new Route(routing, 5, 8);
        new RouteFile(home, "shop").keep(route);
        traffic = Router.inThisJvm(0).preview(0).metrics(metrics).open("shop", home);
        return route;
    }

    private static Target target(String deployment, int port) {
        return new Target(Colour.BLUE, deployment, URI.create("http://127.0.0.1:" + port));
    }

    private RawClient.Message get() throws IOException {
        try (RawClient client = new RawClient(traffic.address())) {
            return client.get("/");
        }
    }

    private String scraped() throws IOException {
        try (RawClient prometheus = new RawClient("127.0.0.1", metrics)) {
            return prometheus.get("/metrics").body();
        }
    }

    private void awaitMetrics(String... parts) throws Exception {
        await(this::scraped, parts);
    }

    private void awaitLog(String... parts) throws Exception {
        await(
                () -> Files.exists(home.resolve("router.log")) ? Files.readString(home.resolve("router.log")) : "",
                parts);
    }

    private interface Text {
        String read() throws IOException;
    }

    private static void await(Text text, String... parts) throws Exception {
        Awaited.that(() -> assertThat(text.read()).contains(parts));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
