package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new release fails, and the standby answers. */
class ReplayTest extends ReplayWorld {

    @Test
    void routerSaysThatItReplays() {
        assertThat(switcher.capabilities()).contains(Capability.REPLAY);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void whatItSaysItCannotAnswerIsAnsweredByTheStandby(int status) throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 " + status + " No\r\nContent-Length: 4\r\n\r\nnono");
                RawClient client = client(fresh)) {
            assertThat(client.get("/").body()).isEqualTo("stable");
            assertThat(client.get("/again").body()).isEqualTo("stable");

            assertThat(fresh.requests).hasSize(2);
            assertThat(stable.requests).hasSize(2);
            assertThat(counts("fresh").requests()).isEqualTo(2);
            assertThat(counts("fresh").failed()).isEqualTo(2);
            assertThat(counts("fresh").replayed()).isEqualTo(2);
            assertThat(counts("fresh").firstFailedAt()).isPresent();
            assertThat(counts("stable").requests()).isEqualTo(2);
            assertThat(counts("stable").failed()).isZero();
        }
    }

    @Test
    void longAnswerOfFailureIsThrownAwayAsAWhole() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000));
                RawClient client = client(fresh)) {
            assertThat(client.get("/").body()).isEqualTo("stable");
            assertThat(client.get("/").body()).isEqualTo("stable");
        }
    }

    @Test
    void closedConnectionIsAnsweredByTheStandby() throws Exception {
        try (RawInstance fresh = new RawInstance(RawInstance.Line::read);
                RawClient client = client(fresh)) {
            assertThat(client.get("/").body()).isEqualTo("stable");

            assertThat(counts("fresh").replayed()).isEqualTo(1);
        }
    }

    @Test
    void refusedConnectionIsAnsweredByTheStandby() throws Exception {
        Target nobody = new Target(Colour.GREEN, "fresh", nobodyThere());
        traffic.switchTo(Routing.to(nobody).standby(stable.target("stable")), 1);
        try (RawClient client = new RawClient(traffic.address())) {
            assertThat(client.get("/").body()).isEqualTo("stable");

            assertThat(counts("fresh").replayed()).isEqualTo(1);
        }
    }

    @Test
    void garbageIsAnsweredByTheStandby() throws Exception {
        try (RawInstance fresh = saying("220 ftp ready\r\n\r\n");
                RawClient client = client(fresh)) {
            assertThat(client.get("/").body()).isEqualTo("stable");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS"})
    void safeRequestsAreReplayed(String method) throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawClient client = client(fresh)) {
            client.send(method + " /safe HTTP/1.1\r\nHost: shop\r\nX-Mine: 1\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(stable.requests.get(0).firstLine()).isEqualTo(method + " /safe HTTP/1.1");
            assertThat(stable.requests.get(0).headers()).containsEntry("x-mine", "1");
        }
    }

    @Test
    void requestOfAClientThatOffersAnotherProtocolIsReplayed() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("stable");
        }
    }

    @Test
    void streamsAreReplayedAndTheirConnectionGoesOn() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nnono");
                RawClient other = client(fresh);
                StreamClient client = new StreamClient(traffic.address())) {
            var first = client.open(StreamClient.head("GET", "/1"), true);
            var post = client.open(StreamClient.head("POST", "/2"), false).send("abc", true);

            assertThat(first.answer().body()).isEqualTo("stable");
            assertThat(post.answer().status()).isEqualTo(503);
            assertThat(client.get("/3").body()).isEqualTo("stable");
            assertThat(counts("fresh").replayed()).isEqualTo(2);
            assertThat(other.get("/4").body()).isEqualTo("stable");
        }
    }

    @Test
    void headIsReplayed() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\n");
                RawInstance headless = saying("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
                RawClient client = client(fresh, headless)) {
            client.send("HEAD / HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(client.readWithoutBody().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\n\r\nx",
                "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 0\r\n\r\n",
                "DELETE / HTTP/1.1\r\nHost: shop\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\n\r\nx",
                "GET / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            })
    void otherRequestsAreNeverSentToAnotherSide(String request) throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawClient client = client(fresh)) {
            client.send(request);

            assertThat(client.read().status()).isEqualTo(503);
            assertThat(stable.requests).isEmpty();
            assertThat(counts("fresh").failed()).isEqualTo(1);
            assertThat(counts("fresh").replayed()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 429, 501, 505})
    void answersThatAreMeantAreDelivered(int status) throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 " + status + " So\r\nContent-Length: 2\r\n\r\nso");
                RawClient client = client(fresh)) {
            assertThat(client.get("/").status()).isEqualTo(status);
            assertThat(stable.requests).isEmpty();
        }
    }

    @Test
    void answerThatBreaksOffIsNotReplayed() throws Exception {
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                });
                RawClient client = client(fresh)) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            assertThat(stable.requests).isEmpty();
            assertThat(counts("fresh").failed()).isEqualTo(1);
        }
    }

    @Test
    void standbyThatFailsTooIsTheAnswerOfTheUser() throws Exception {
        try (RawInstance fresh = new RawInstance(RawInstance.Line::read);
                RawInstance old = saying("HTTP/1.1 503 Tired\r\nContent-Length: 5\r\n\r\ntired");
                RawClient client = client(fresh, old)) {
            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("tired");
            assertThat(counts("fresh").replayed()).isEqualTo(1);
            assertThat(counts("stable").failed()).isEqualTo(1);
            assertThat(counts("stable").replayed()).isZero();
        }
    }

    @Test
    void standbyThatSaysNothingIsABadGateway() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawInstance old = new RawInstance(RawInstance.Line::read);
                RawClient client = client(fresh, old)) {
            assertThat(client.get("/").status()).isEqualTo(502);
            assertThat(counts("stable").failed()).isEqualTo(1);
        }
    }

    @Test
    void withoutAStandbyTheFailureIsTheAnswer() throws Exception {
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nnono");
                RawClient client = client(fresh)) {
            traffic.switchTo(Routing.to(fresh.target("fresh")), 1);

            assertThat(client.get("/").body()).isEqualTo("nono");
            assertThat(counts("fresh").replayed()).isZero();
        }
    }

    @Test
    void clientThatPipelinesGetsItsAnswersInOrder() throws Exception {
        try (RawInstance fresh = new RawInstance(line -> {
                    for (int i = 0; i < 3; i++) {
                        String path = line.read().firstLine();
                        line.say(
                                path.contains("/bad")
                                        ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
                                        : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfresh");
                    }
                });
                RawClient client = client(fresh)) {
            String end = " HTTP/1.1\r\nHost: shop\r\n\r\n";
            client.send("GET /good" + end + "GET /bad" + end + "GET /good" + end);

            assertThat(client.read().body()).isEqualTo("fresh");
            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(client.read().body()).isEqualTo("fresh");
        }
    }

    @Test
    void everyRequestIsAnsweredOnceWhateverFails() throws Exception {
        try (RawInstance fresh = new RawInstance(line -> {
                    for (int i = 0; ; i++) {
                        line.read();
                        if (i % 5 == 4) {
                            return;
                        }
                        line.say(
                                i % 3 == 0
                                        ? "HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno"
                                        : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfresh");
                    }
                });
                RawClient client = client(fresh)) {
            for (int i = 0; i < 300; i++) {
                assertThat(client.get("/" + i).status()).isEqualTo(200);
            }

            assertThat(counts("fresh").requests()).isEqualTo(300);
            assertThat(counts("fresh").replayed())
                    .isPositive()
                    .isEqualTo(counts("fresh").failed());
            assertThat(counts("stable").requests()).isEqualTo(counts("fresh").replayed());
            assertThat(counts("fresh").inFlight() + counts("stable").inFlight()).isZero();
        }
    }
}
