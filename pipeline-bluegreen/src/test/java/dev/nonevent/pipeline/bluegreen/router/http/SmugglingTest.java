package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
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

/** Requests that two readers would read in two ways reach no instance. */
@Timeout(60)
class SmugglingTest {

    @TempDir
    Path home;

    private Traffic traffic;
    private RawInstance instance;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
        instance = RawInstance.answering("reached");
        traffic.switchTo(instance.target("shop-1"), 1);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(1);
        instance.close();
    }

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                request(
                        "length beside coding",
                        "Host: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                request(
                        "coding beside length",
                        "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                request("two different lengths", "Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
                request("two equal lengths", "Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde"),
                request("a list of lengths", "Host: a\r\nContent-Length: 5, 5\r\n\r\nabcde"),
                request("a signed length", "Host: a\r\nContent-Length: +5\r\n\r\nabcde"),
                request("a negative length", "Host: a\r\nContent-Length: -5\r\n\r\nabcde"),
                request("a length in hex", "Host: a\r\nContent-Length: 0x5\r\n\r\nabcde"),
                request("an empty length", "Host: a\r\nContent-Length:\r\n\r\nabcde"),
                request("a length beyond counting", "Host: a\r\nContent-Length: 99999999999999999999\r\n\r\nabcde"),
                request(
                        "two codings",
                        "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                request("an odd coding", "Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
                request("identity", "Host: a\r\nTransfer-Encoding: identity\r\n\r\n"),
                request("gzip, chunked", "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                request("chunked, identity", "Host: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                request("blank before the colon", "Host: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
                request("control in the coding", "Host: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
                request(
                        "lookalike coding",
                        "Host: a\r\nTransfer_Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"),
                request("folded line", "Host: a\r\nX-A: b\r\n c\r\n\r\n"),
                request("folded coding", "Host: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
                request("blank before the first name", " Host: a\r\n\r\n"),
                request("two hosts", "Host: a\r\nHost: b\r\n\r\n"),
                request("no host", "X-A: b\r\n\r\n"),
                request("a host with a user", "Host: a@b\r\n\r\n"),
                request("NUL in a value", "Host: a\r\nX-A: b\u0000c\r\n\r\n"),
                request("bare carriage return in a value", "Host: a\r\nX-A: b\rX-B: c\r\n\r\n"),
                request("bare line feeds", "Host: a\nX-A: b\n\n"),
                request("no name", "Host: a\r\n: b\r\n\r\n"),
                request("no colon", "Host: a\r\nnonsense\r\n\r\n"),
                request(
                        "length named by Connection",
                        "Host: a\r\nConnection: content-length\r\nContent-Length: 5\r\n\r\nabcde"),
                Arguments.of("chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("no path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of("a version of the future", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
                Arguments.of("no version", "GET /\r\nHost: a\r\n\r\n"),
                Arguments.of("a tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
                Arguments.of(
                        "a request line that never ends",
                        "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                request("headers that never end", "Host: a\r\nX-A: " + "a".repeat(70_000) + "\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void isRefusedAndReachesNobody(String name, String bytes) throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            client.send(bytes);

            RawClient.Message answer = client.read();

            assertThat(answer.status()).isIn(400, 414, 431, 501, 505);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(instance.requests).isEmpty();
        assertThat(traffic.counts().get(0).requests()).isZero();
    }

    @Test
    void whatFollowsARefusedRequestIsNotRead() throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.atEnd()).isTrue();
        }
        assertThat(instance.requests).isEmpty();
    }

    @Test
    void goodRequestsBeforeARefusedOneAreAnswered() throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("reached");
            assertThat(client.read().status()).isEqualTo(400);
        }
        assertThat(instance.requests).hasSize(1);
    }

    @Test
    void headInSmallPiecesIsLookedAtToo() throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            for (String piece : new String[] {"GET / HT", "TP/1.1\r\nHost", ": a\r\nX-A: b\r\n", " folded\r\n\r\n"}) {
                client.send(piece);
            }

            assertThat(client.read().status()).isEqualTo(400);
        }
        assertThat(instance.requests).isEmpty();
    }

    @Test
    void brokenChunksEndTheRequestForTheInstanceToo() throws Exception {
        try (RawClient client = new RawClient(traffic.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n");

            assertThat(client.read().status()).isEqualTo(400);
        }
        assertThat(instance.requests).isEmpty();
    }

    private static Arguments request(String name, String rest) {
        return Arguments.of(name, "POST / HTTP/1.1\r\n" + rest);
    }
}
