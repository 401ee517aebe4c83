package dev.nonevent.pipeline.bluegreen.router.http;

import static dev.nonevent.pipeline.bluegreen.router.StreamClient.fields;
import static dev.nonevent.pipeline.bluegreen.router.StreamClient.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What would be another request, or two, in the words of HTTP/1.1 never reaches an instance (RFC 9113, 8.2 and 8.3). */
@Timeout(60)
class StreamSmugglingTest {

    @TempDir
    Path home;

    private Traffic traffic;
    private RawInstance instance;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
        instance = RawInstance.answering("ok");
        traffic.switchTo(instance.target("shop-1"), 1);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        instance.close();
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                bad("CR LF in a value", head("GET", "/", "x-a", "1\r\nevil: 1")),
                bad("LF in a value", head("GET", "/", "x-a", "1\nevil: 1")),
                bad("CR in a value", head("GET", "/", "x-a", "1\revil: 1")),
                bad("NUL in a value", head("GET", "/", "x-a", "1\0")),
                bad("whole request in a value", head("GET", "/", "x-a", "b\r\n\r\nGET /evil HTTP/1.1\r\nHost: shop")),
                bad("CR LF in a name", head("GET", "/", "x-a: 1\r\nevil", "1")),
                bad("colon in a name", head("GET", "/", "transfer-encoding: chunked", "1")),
                bad("blank in a name", head("GET", "/", "transfer-encoding ", "chunked")),
                bad("empty name", head("GET", "/", "", "1")),
                bad("upper case in a name", head("GET", "/", "X-A", "1")),
                bad("letter beyond ASCII in a name", head("GET", "/", "x-\u00e4", "1")),
                bad("transfer-encoding", head("POST", "/", "transfer-encoding", "chunked")),
                bad("connection", head("GET", "/", "connection", "close")),
                bad("connection names host", head("GET", "/", "connection", "host")),
                bad("keep-alive", head("GET", "/", "keep-alive", "1")),
                bad("proxy-connection", head("GET", "/", "proxy-connection", "keep-alive")),
                bad("upgrade", head("GET", "/", "upgrade", "h2c")),
                bad("te other than trailers", head("GET", "/", "te", "gzip")),
                bad("length that is no number", head("POST", "/", "content-length", "abc")),
                bad("length with a sign", head("POST", "/", "content-length", "+5")),
                bad("length in hex", head("POST", "/", "content-length", "0x5")),
                bad("negative length", head("POST", "/", "content-length", "-1")),
                bad("two lengths", head("POST", "/", "content-length", "5", "content-length", "6")),
                bad("two lengths in one", head("POST", "/", "content-length", "5, 6")),
                bad("lookalike of a length", head("POST", "/", "content_length", "5")),
                bad("length and no body", head("POST", "/", "content-length", "5")),
                bad("blank in the method", head("GET /evil HTTP/1.1\r\nhost: shop\r\n\r\nGET", "/")),
                bad("two words as the method", head("GET /evil", "/")),
                bad("empty method", head("", "/")),
                bad("blank in the path", head("GET", "/ HTTP/1.1")),
                bad("CR LF in the path", head("GET", "/ HTTP/1.1\r\nevil: 1\r\n\r\n")),
                bad("tab in the path", head("GET", "/\ta")),
                bad("fragment in the path", head("GET", "/#a")),
                bad("empty path", head("GET", "")),
                bad("path that is none", head("GET", "evil")),
                bad("whole address as the path", head("GET", "http://evil/")),
                bad("letter beyond ASCII in the path", head("GET", "/\u00e4")),
                bad("star for another method than OPTIONS", head("GET", "*")),
                bad("no method", fields(":scheme", "http", ":path", "/", ":authority", "shop")),
                bad("no path", fields(":method", "GET", ":scheme", "http", ":authority", "shop")),
                bad("no scheme", fields(":method", "GET", ":path", "/", ":authority", "shop")),
                bad("no authority", fields(":method", "GET", ":scheme", "http", ":path", "/")),
                bad("other scheme", fields(":method", "GET", ":scheme", "a b", ":path", "/", ":authority", "shop")),
                bad("two methods", twice(":method", "POST")),
                bad("two paths", twice(":path", "/evil")),
                bad("two schemes", twice(":scheme", "https")),
                bad("two authorities", twice(":authority", "evil")),
                bad("status in a request", twice(":status", "200")),
                bad("WebSocket", twice(":protocol", "websocket")),
                bad("unknown pseudo header", twice(":evil", "1")),
                bad("pseudo header behind a field", head("GET", "/", "x-a", "1", ":path", "/evil")),
                bad("host other than the authority", head("GET", "/", "host", "evil")),
                bad("two hosts", head("GET", "/", "host", "shop", "host", "shop")),
                bad("user in the authority", authority("me@shop")),
                bad("blank in the authority", authority("shop evil")),
                bad("CR LF in the authority", authority("shop\r\nevil: 1")),
                bad("path in the authority", authority("shop/evil")),
                bad("CONNECT", fields(":method", "CONNECT", ":authority", "shop:443")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("heads")
    void headWithoutOneMeaningIsRefusedAndTheConnectionGoesOn(String what, Http2Headers headers) throws Exception {
        try (StreamClient client = new StreamClient(traffic.address())) {
            StreamClient.Answer refused = client.open(headers, true).answer();

            assertRefused(refused);
            assertThat(client.get("/good").body()).isEqualTo("ok");
            assertThat(instance.requests)
                    .extracting(RawClient.Message::firstLine)
                    .containsExactly("GET /good HTTP/1.1");
        }
    }

    @Test
    void lessBodyThanAnnouncedIsNeverAWholeRequest() throws Exception {
        try (StreamClient client = new StreamClient(traffic.address())) {
            var asked = client.open(head("POST", "/", "content-length", "10"), false);

            assertThat(asked.send("short", true).answer().reset()).contains(Http2Error.PROTOCOL_ERROR);
            assertThat(client.get("/good").body()).isEqualTo("ok");
            assertThat(instance.requests)
                    .extracting(RawClient.Message::firstLine)
                    .containsExactly("GET /good HTTP/1.1");
        }
    }

    @Test
    void moreBodyThanAnnouncedIsNoRequestOfItsOwn() throws Exception {
        try (StreamClient client = new StreamClient(traffic.address())) {
            var asked = client.open(head("POST", "/", "content-length", "3"), false);

            asked.send("abcGET /evil HTTP/1.1\r\nHost: shop\r\n\r\n", true);

            assertThat(asked.answer().reset()).contains(Http2Error.PROTOCOL_ERROR);
            assertThat(client.get("/good").body()).isEqualTo("ok");
            assertThat(instance.requests)
                    .extracting(RawClient.Message::firstLine)
                    .containsExactly("GET /good HTTP/1.1");
        }
    }

    @Test
    void bodyThatLooksLikeTheEndOfChunksIsBody() throws Exception {
        String body = "0\r\n\r\nGET /evil HTTP/1.1\r\nHost: shop\r\n\r\n";
        try (StreamClient client = new StreamClient(traffic.address())) {
            client.open(head("POST", "/"), false).send(body, true).answer();

            assertThat(instance.requests).hasSize(1);
            assertThat(instance.requests.get(0).body()).isEqualTo(body);
        }
    }

    @Test
    void trailersWithPseudoHeadersAreRefused() throws Exception {
        assertTrailersRefused(":path", "/evil");
    }

    @Test
    void trailersWithLineEndsAreRefused() throws Exception {
        assertTrailersRefused("x-a", "1\r\n\r\nGET /evil HTTP/1.1");
    }

    @Test
    void trailersOfOneConnectionAreRefused() throws Exception {
        assertTrailersRefused("transfer-encoding", "chunked");
    }

    @Test
    void trailersThatFrameAMessageAreLeftOut() throws Exception {
        try (StreamClient client = new StreamClient(traffic.address())) {
            client.open(head("POST", "/"), false)
                    .send("abc", false)
                    .trailers("content-length", "5", "host", "evil", "x-a", "1")
                    .answer();

            assertThat(instance.requests.get(0).headers())
                    .containsEntry("trailer:x-a", "1")
                    .doesNotContainKeys("trailer:content-length", "trailer:host");
        }
    }

    @Test
    void headersThatConcernOneConnectionAreNotToldToClients() throws Exception {
        try (RawInstance chatty = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\n"
                            + "X-Hop: 1\r\nProxy-Connection: a\r\nX-Kept: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "0\r\n\r\n");
                });
                StreamClient client = new StreamClient(traffic.address())) {
            traffic.switchTo(chatty.target("shop-2"), 2);

            assertThat(client.get("/").headers())
                    .containsEntry("x-kept", "2")
                    .doesNotContainKeys(
                            "connection", "keep-alive", "x-hop", "proxy-connection", "transfer-encoding", "X-Kept");
        }
    }

    private void assertTrailersRefused(String name, String value) throws Exception {
        try (StreamClient client = new StreamClient(traffic.address())) {
            var asked = client.open(head("POST", "/"), false).send("abc", false).trailers(name, value);

            assertThat(asked.answer().reset()).contains(Http2Error.PROTOCOL_ERROR);
            assertThat(client.get("/good").body()).isEqualTo("ok");
            assertThat(instance.requests)
                    .extracting(RawClient.Message::firstLine)
                    .containsExactly("GET /good HTTP/1.1");
        }
    }

    private static void assertRefused(StreamClient.Answer answer) {
        if (answer.reset().isPresent()) {
            assertThat(answer.reset()).contains(Http2Error.PROTOCOL_ERROR);
        } else {
            assertThat(answer.status()).isIn(400, 501);
        }
    }

    private static Arguments bad(String what, Http2Headers headers) {
        return Arguments.of(what, headers);
    }

    private static Http2Headers twice(String name, String value) {
        Http2Headers headers = fields(name, value);
        head("GET", "/").forEach(field -> headers.add(field.getKey(), field.getValue()));
        return headers;
    }

    private static Http2Headers authority(String authority) {
        return fields(":method", "GET", ":scheme", "http", ":path", "/", ":authority", authority);
    }
}
