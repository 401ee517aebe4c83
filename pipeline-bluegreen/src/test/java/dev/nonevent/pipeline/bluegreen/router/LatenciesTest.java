package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long answers took, as the router tells it. */
@Timeout(60)
class LatenciesTest {

    @TempDir
    Path home;

    private final TrafficSwitcher switcher = Router.inThisJvm(0);
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        traffic = switcher.open("shop", home);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
    }

    @Test
    void routerSaysThatItMeasures() {
        assertThat(switcher.capabilities()).contains(Capability.COUNTS, Capability.LATENCIES);
    }

    @Test
    void everyAnswerIsInOneBucket() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        boolean good = !line.read().firstLine().contains("/broken");
                        line.say("HTTP/1.1 " + (good ? "200 OK" : "500 No") + "\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                RawClient client = client(instance)) {
            for (int i = 0; i < 100; i++) {
                client.get(i % 10 == 0 ? "/broken" : "/");
            }

            assertThat(counts().requests()).isEqualTo(100);
            assertThat(counts().failed()).isEqualTo(10);
            assertThat(counts().latencies().total()).isEqualTo(100);
        }
    }

    @Test
    void answerOfFiftyMillisecondsIsCountedAsSuch() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        line.read();
                        rest(Duration.ofMillis(50));
                        line.answer("slow");
                    }
                });
                RawClient client = client(instance)) {
            long began = TimeSource.system().nanos();
            client.get("/");
            Duration seenByTheClient = Duration.ofNanos(TimeSource.system().nanos() - began);

            Duration told = counts().latencies().quantile(1).orElseThrow();

            assertThat(told)
                    .isBetween(
                            Duration.ofMillis(50),
                            seenByTheClient.multipliedBy(17).dividedBy(16));
        }
    }

    @Test
    void timeOfAnUploadIsPartOfIt() throws Exception {
        CountDownLatch head = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    head.countDown();
                    line.in.readNBytes(2);
                    line.answer("got it");
                });
                RawClient client = client(instance)) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\n");
            assertThat(head.await(20, TimeUnit.SECONDS)).isTrue();
            TimeSource.system().sleep(Duration.ofMillis(50));
            client.send("ab");
            client.read();

            assertThat(counts().latencies().quantile(1).orElseThrow()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        }
    }

    @Test
    void whatGotNoAnswerHasNoLatency() throws Exception {
        try (RawInstance instance = new RawInstance(RawInstance.Line::read);
                RawClient client = client(instance)) {
            assertThat(client.get("/").status()).isEqualTo(502);

            assertThat(counts().failed()).isEqualTo(1);
            assertThat(counts().latencies().total()).isZero();
        }
    }

    // --- the world

    private RawClient client(RawInstance instance) throws IOException {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new RawClient(traffic.address());
    }

    private Counts counts() {
        return traffic.counts().get(0);
    }

    private static void rest(Duration time) throws IOException {
        try {
            TimeSource.system().sleep(time);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
