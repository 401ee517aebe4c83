package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new release fails, and the standby answers. */
@Timeout(60)
class ReplayTest {

    @TempDir
    Path home;

    private final TrafficSwitcher switcher = Router.inThisJvm(0);
    private Traffic traffic;
    private RawInstance stable;

    @BeforeEach
    void open() throws Exception {
        traffic = switcher.open("shop", home);
        stable = RawInstance.answering("stable");
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        stable.close();
    }

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
    void requestThatWasWithTheReleaseThatUsersLeftIsAnsweredByTheOneTheyWentBackTo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(fail);
                    line.say("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                });
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(stable.target("stable"), 1);
            fail.countDown();

            assertThat(client.read().body()).isEqualTo("stable");
            assertThat(counts("fresh").replayed()).isEqualTo(1);
        }
    }

    @Test
    void requestOfTheReleaseThatIsTrustedNoMoreIsNotTriedOnTheOneAfterIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(fail);
                    line.say("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nnono");
                });
                RawInstance next = RawInstance.answering("next");
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(next.target("next"), 1);
            fail.countDown();

            assertThat(client.read().body()).isEqualTo("nono");
            assertThat(next.requests).isEmpty();
        }
    }

    @Test
    void drainOfTheFailedSideDoesNotWaitForTheStandby() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance fresh = saying("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                RawInstance slow = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(go);
                    line.answer("slow but sure");
                });
                RawClient client = client(fresh, slow)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(slow.target("stable"), 1);
            Drained drained = traffic.drain("fresh", Duration.ZERO);
            go.countDown();

            assertThat(drained.cut()).isZero();
            assertThat(client.read().body()).isEqualTo("slow but sure");
        }
    }

    @Test
    void whatDrainingCutsIsNotReplayed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (RawInstance fresh = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(end);
                });
                RawClient client = client(fresh)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            await(asked);

            traffic.switchTo(stable.target("stable"), 1);
            Drained drained = traffic.drain("fresh", Duration.ZERO);

            assertThat(drained.cut()).isEqualTo(1);
            assertThat(client.read().status()).isEqualTo(504);
            end.countDown();
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

    // --- the world

    private static RawInstance saying(String answer) throws IOException {
        return new RawInstance(line -> {
            while (true) {
                line.read();
                line.say(answer);
            }
        });
    }

    private static URI nobodyThere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private RawClient client(RawInstance fresh) throws IOException {
        return client(fresh, stable);
    }

    private RawClient client(RawInstance fresh, RawInstance old) throws IOException {
        traffic.switchTo(Routing.to(fresh.target("fresh")).standby(old.target("stable")), 1);
        return new RawClient(traffic.address());
    }

    private Counts counts(String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("it never came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
