package dev.nonevent.pipeline.bluegreen.router.http;

import static dev.nonevent.pipeline.bluegreen.router.StreamClient.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 from clients, HTTP/1.1 to instances: each stream is one exchange. */
@Timeout(60)
class StreamTest {

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
    void requestReachesTheInstanceInTheWordsOfHttp11() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello");
                StreamClient client = client(instance)) {
            StreamClient.Answer answer = client.get("/a?b=c", "x-one", "1", "cookie", "a=1", "cookie", "b=2");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.headers()).containsEntry("content-length", "5").doesNotContainKey("connection");
            RawClient.Message request = instance.requests.get(0);
            assertThat(request.firstLine()).isEqualTo("GET /a?b=c HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("host", "shop")
                    .containsEntry("x-one", "1")
                    .containsEntry("cookie", "a=1; b=2")
                    .containsEntry("x-forwarded-proto", "http")
                    .containsEntry("x-forwarded-for", "127.0.0.1")
                    .doesNotContainKey("transfer-encoding")
                    .doesNotContainKey("content-length");
        }
    }

    @Test
    void bodyWithALengthKeepsItAndBodyWithoutOneComesInChunks() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                StreamClient client = client(instance)) {
            client.open(head("POST", "/1", "content-length", "6"), false)
                    .send("abc", false)
                    .send("def", true)
                    .answer();
            client.open(head("POST", "/2"), false)
                    .send("abc", false)
                    .send("def", true)
                    .answer();
            client.open(head("POST", "/3"), true).answer();

            assertThat(instance.requests).extracting(RawClient.Message::body).containsExactly("abcdef", "abcdef", "");
            assertThat(instance.requests.get(0).headers())
                    .containsEntry("content-length", "6")
                    .doesNotContainKey("transfer-encoding");
            assertThat(instance.requests.get(1).headers()).containsEntry("transfer-encoding", "chunked");
            assertThat(instance.requests.get(2).headers()).containsEntry("content-length", "0");
        }
    }

    @Test
    void trailersPassBothWays() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nDigest: x\r\n\r\n");
                });
                StreamClient client = client(instance)) {
            StreamClient.Answer answer = client.open(head("POST", "/", "te", "trailers"), false)
                    .send("wiki", false)
                    .trailers("checksum", "y")
                    .answer();

            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.trailers()).containsExactly(java.util.Map.entry("digest", "x"));
            assertThat(instance.requests.get(0).body()).isEqualTo("wiki");
            assertThat(instance.requests.get(0).headers())
                    .containsEntry("trailer:checksum", "y")
                    .containsEntry("te", "trailers");
        }
    }

    @Test
    void interimAnswersPassAndTheRealOneFollows() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                    line.say("HTTP/1.1 100 Continue\r\n\r\n");
                    line.answer(new String(line.in.readNBytes(3)));
                });
                StreamClient client = client(instance)) {
            var asked = client.open(head("POST", "/", "content-length", "3", "expect", "100-continue"), false);

            assertThat(asked.awaitHead()).isEqualTo(103);
            assertThat(asked.awaitHead()).isEqualTo(100);
            assertThat(asked.send("abc", true).answer().body()).isEqualTo("abc");
            assertThat(asked.status).isEqualTo(200);
        }
    }

    @Test
    void answerToHeadHasItsLengthAndNoBody() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                });
                StreamClient client = client(instance)) {
            StreamClient.Answer answer = client.open(head("HEAD", "/"), true).answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("content-length", "5");
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void routerThatEndsSaysGoodbye() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello");
                StreamClient client = client(instance)) {
            client.get("/");

            traffic.shutDown(1);

            assertThat(client.goAway.get(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.NO_ERROR.code());
            traffic = Router.inThisJvm(0).open("shop", home);
        }
    }

    @Test
    void clientsOfBothProtocolsUseTheSamePort() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello");
                StreamClient client = client(instance);
                RawClient old = new RawClient(traffic.address())) {
            old.send("P");
            assertThat(client.get("/").body()).isEqualTo("hello");

            old.send("OST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n");

            assertThat(old.read().body()).isEqualTo("hello");
        }
    }

    @Test
    void countsAreExact() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello");
                StreamClient client = client(instance)) {
            List<StreamClient.Exchange> asked = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                asked.add(client.open(head("GET", "/" + i), true));
            }
            for (StreamClient.Exchange each : asked) {
                assertThat(each.answer().status()).isEqualTo(200);
            }

            assertThat(traffic.counts().get(0).requests()).isEqualTo(60);
            assertThat(traffic.counts().get(0).inFlight()).isZero();
            assertThat(instance.requests).hasSize(60);
        }
    }

    private StreamClient client(RawInstance instance) throws Exception {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new StreamClient(traffic.address());
    }
}
