package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose word on who asks is passed on. */
@Timeout(60)
class ForwardedTest {

    private static final String CLAIMS = "GET / HTTP/1.1\r\nHost: shop\r\nX-Forwarded-For: 203.0.113.9\r\n"
            + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example\r\n"
            + "X-Real-IP: 1.2.3.4\r\nX-Request-Id: mine\r\n\r\n";

    @TempDir
    Path home;

    @Test
    void outsidersAreNotBelieved() throws Exception {
        Map<String, String> told = toldBy(Router.inThisJvm(0));

        assertThat(told)
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-host", "shop")
                .doesNotContainKey("x-real-ip");
    }

    @Test
    void trustedProxyIsBelievedAndItsAddressAppended() throws Exception {
        Map<String, String> told = toldBy(Router.inThisJvm(0).trusting("10.0.0.0/8", "127.0.0.0/8"));

        assertThat(told)
                .containsEntry("x-forwarded-for", "203.0.113.9, 10.0.0.1, 127.0.0.1")
                .containsEntry("x-forwarded-proto", "https")
                .containsEntry("x-forwarded-host", "shop.example")
                .containsEntry("x-request-id", "mine")
                .doesNotContainKey("x-real-ip");
    }

    @Test
    void streamsAreToldOfAndBelievedLikeOtherRequests() throws Exception {
        String[] claims = {"x-forwarded-for", "203.0.113.9", "x-forwarded-proto", "https", "x-real-ip", "1.2.3.4"};

        assertThat(toldByStream(Router.inThisJvm(0), claims))
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-host", "shop")
                .hasEntrySatisfying(
                        "x-request-id",
                        id -> assertThat(id).hasSizeGreaterThan(8).doesNotContain(" "))
                .doesNotContainKey("x-real-ip");
        assertThat(toldByStream(Router.inThisJvm(0).trusting("127.0.0.0/8"), claims))
                .containsEntry("x-forwarded-for", "203.0.113.9, 127.0.0.1")
                .containsEntry("x-forwarded-proto", "https")
                .doesNotContainKey("x-real-ip");
        assertThat(toldByStream(Router.inThisJvm(0), "x-request-id", "mine")).containsEntry("x-request-id", "mine");
    }

    @Test
    void proxyOfAnotherNetworkIsNotBelieved() throws Exception {
        assertThat(toldBy(Router.inThisJvm(0).trusting("10.0.0.0/8"))).containsEntry("x-forwarded-for", "127.0.0.1");
    }

    @Test
    void trustedProxyThatClaimsNothingIsTheClient() throws Exception {
        Map<String, String> told =
                toldBy(Router.inThisJvm(0).trusting("127.0.0.1"), "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

        assertThat(told)
                .containsEntry("x-forwarded-for", "127.0.0.1")
                .containsEntry("x-forwarded-proto", "http")
                .containsEntry("x-forwarded-host", "shop");
    }

    @Test
    void networkThatIsNoneIsAProblem() {
        assertThat(Router.router(8000).trusting("10.0.0.0/40", "proxy").problems())
                .containsExactly(
                        "\"10.0.0.0/40\" is no network to trust: take one as in 10.0.0.0/8",
                        "\"proxy\" is no network to trust: take one as in 10.0.0.0/8");
    }

    private Map<String, String> toldByStream(Router router, String... claims) throws Exception {
        Traffic traffic = router.open("shop", Files.createTempDirectory(home, "router"));
        try (RawInstance instance = RawInstance.answering("ok")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            try (StreamClient client = new StreamClient(traffic.address())) {
                assertThat(client.get("/", claims).status()).isEqualTo(200);
            }
            return instance.requests.get(0).headers();
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    private Map<String, String> toldBy(Router router) throws Exception {
        return toldBy(router, CLAIMS);
    }

    private Map<String, String> toldBy(Router router, String request) throws Exception {
        Traffic traffic = router.open("shop", home);
        try (RawInstance instance = RawInstance.answering("ok")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            try (RawClient client = new RawClient(traffic.address())) {
                client.send(request).read();
            }
            return instance.requests.get(0).headers();
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }
}
