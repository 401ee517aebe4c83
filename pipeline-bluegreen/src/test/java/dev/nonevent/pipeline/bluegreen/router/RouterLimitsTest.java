package dev.nonevent.pipeline.bluegreen.router;

import static dev.nonevent.pipeline.bluegreen.router.StreamClient.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody chose who declares a router is what it puts up with. */
@Timeout(60)
class RouterLimitsTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String POST = "POST / HTTP/1.1\r\nHost: shop\r\n";

    @TempDir
    Path home;

    private interface Visit {
        void at(Traffic traffic) throws Exception;
    }

    @Test
    void instanceThatThinksTooLongIsAGatewayTimeout() throws Exception {
        with(RouterLimits.usual().firstByte(SHORT), new RawInstance(this::thinks), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                assertThat(client.get("/").status()).isEqualTo(504);
            }
            assertThat(traffic.counts().get(0).failed()).isEqualTo(1);
        });
    }

    @Test
    void answerThatHasBegunMayPauseForLonger() throws Exception {
        with(RouterLimits.usual().firstByte(SHORT).instanceIdle(LONG), new RawInstance(this::pauses), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                assertThat(client.get("/").body()).isEqualTo("half-half");
            }
        });
    }

    @Test
    void instanceThatMayThinkForLongMustNotPauseForLong() throws Exception {
        RouterLimits limits = RouterLimits.usual().firstByte(LONG).instanceIdle(SHORT);
        with(limits, new RawInstance(this::thinks), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                assertThat(client.get("/").body()).isEqualTo("thought");
            }
        });
        with(limits, new RawInstance(this::pauses), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
            }
        });
    }

    @Test
    void slowUploadIsNoSilence() throws Exception {
        with(RouterLimits.usual().firstByte(SHORT), RawInstance.answering("all"), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                client.send(POST + "Content-Length: 8\r\n\r\n");
                for (int i = 0; i < 8; i++) {
                    TimeSource.system().sleep(Duration.ofMillis(100));
                    client.send("x");
                }
                assertThat(client.read().body()).isEqualTo("all");
            }
        });
    }

    @Test
    void bodyOfMoreBytesThanAllowedIsRefusedInEveryProtocol() throws Exception {
        with(RouterLimits.usual().body(10), RawInstance.answering("reached"), traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                client.send(POST + "Content-Length: 10\r\n\r\n0123456789");
                assertThat(client.read().body()).isEqualTo("reached");
                client.send(POST + "Content-Length: 11\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(413);
            }
            try (RawClient client = new RawClient(traffic.address())) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(413);
            }
            try (StreamClient client = new StreamClient(traffic.address())) {
                var announced = client.open(head("POST", "/", "content-length", "11"), false);
                assertThat(announced.answer().status()).isEqualTo(413);
                var counted = client.open(head("POST", "/"), false).send("0123456789", false);
                counted.send("!", true);
                assertThat(counted.answer().status()).isEqualTo(413);
                assertThat(client.open(head("POST", "/"), false)
                                .send("0123456789", true)
                                .answer()
                                .body())
                        .isEqualTo("reached");
            }
            assertThat(traffic.counts().get(0).failed()).isZero();
        });
    }

    @Test
    void instanceThatOnlyAnnouncesIsABadGateway() throws Exception {
        RawInstance instance = new RawInstance(line -> {
            line.read();
            while (true) {
                line.say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(20));
            }
        });
        with(RouterLimits.usual(), instance, traffic -> {
            try (RawClient client = new RawClient(traffic.address())) {
                int interims = 0;
                RawClient.Message answer = client.get("/");
                while (answer.status() == 103) {
                    interims++;
                    answer = client.read();
                }
                assertThat(answer.status()).isEqualTo(502);
                assertThat(interims).isEqualTo(100);
            }
        });
    }

    @Test
    void limitsReachTheProcessAndChangeWithTheDeclaration() throws Exception {
        Path directory = home.resolve("router");
        try (RawInstance instance = RawInstance.answering("reached")) {
            Router.router(0)
                    .limits(RouterLimits.usual().body(5).firstByte(LONG))
                    .open("shop", directory)
                    .switchTo(instance.target("shop-1"), 1);
            Traffic traffic = Router.router(0)
                    .limits(RouterLimits.usual().body(10))
                    .limits(RouterLimits.usual().firstByte(LONG))
                    .open("shop", directory);
            try (RawClient client = new RawClient(traffic.address())) {
                client.send(POST + "Content-Length: 10\r\n\r\n0123456789");
                assertThat(client.read().body()).isEqualTo("reached");
                client.send(POST + "Content-Length: 11\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(413);
            } finally {
                traffic.shutDown(Long.MAX_VALUE);
            }
            assertThat(Files.readString(directory.resolve("settings.json"))).contains("\"body\" : 10");
        }
    }

    @Test
    void limitsThatCannotBeAreProblems() {
        Router router = Router.router(8000)
                .limits(RouterLimits.usual()
                        .connections(0)
                        .body(-1)
                        .firstByte(Duration.ZERO)
                        .connect(Duration.ofDays(2)));

        assertThat(router.problems())
                .containsExactly(
                        "a router needs room for 1 connection or more, not for 0",
                        "no body has -1 bytes: take 0 or more",
                        "the limit for connecting to an instance is from a millisecond to a day, not PT48H",
                        "the limit for an instance's first byte is from a millisecond to a day, not PT0S");
    }

    // --- the world

    private void with(RouterLimits limits, RawInstance instance, Visit visit) throws Exception {
        Traffic traffic = Router.inThisJvm(0).limits(limits).open("shop", Files.createTempDirectory(home, "router"));
        try (instance) {
            traffic.switchTo(instance.target("shop-1"), 1);
            visit.at(traffic);
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    private void thinks(RawInstance.Line line) throws IOException {
        line.read();
        pause();
        line.answer("thought");
    }

    private void pauses(RawInstance.Line line) throws IOException {
        line.read();
        line.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf-");
        pause();
        line.say("half");
    }

    private static void pause() throws IOException {
        try {
            TimeSource.system().sleep(SHORT.multipliedBy(3));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
