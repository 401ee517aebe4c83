package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server-sent events pass at once, and end after a whole event when their side is taken away. */
@Timeout(60)
class EventStreamTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    Path home;

    private Traffic traffic;
    private RawInstance fresh;
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
        fresh = RawInstance.answering("new");
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        fresh.close();
    }

    @Test
    void eventArrivesWhileTheInstanceHoldsTheNextOne() throws Exception {
        try (RawInstance instance = streaming("data: 1\n\n", "data: 2\n\n");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(until(client, "data: 1\n\n")).contains("text/event-stream");
            assertThat(traffic.counts().get(0).requests()).isEqualTo(1);
            assertThat(traffic.counts().get(0).inFlight()).isZero();
        }
    }

    @Test
    void drainEndsItCleanlyAndTheSameConnectionGoesOnAtTheNewSide() throws Exception {
        try (RawInstance instance = streaming("data: 1\n\n", "data: 2\n\n");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            String read = until(client, "data: 1\n\n");
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", Duration.ofSeconds(20));

            read += until(client, "0\r\n\r\n");
            assertThat(read).doesNotContain("data: 2");
            assertThat(drained.streams()).isEqualTo(1);
            assertThat(drained.cut()).isZero();
            assertThat(drained.finished()).isZero();
            assertThat(drained.took()).isLessThan(Duration.ofSeconds(5));
            assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("/").body()).isEqualTo("new");
            assertThat(traffic.counts()).allMatch(counts -> counts.failed() == 0);
        }
    }

    @Test
    void eventThatIsUnderWayIsFinishedFirst() throws Exception {
        try (RawInstance instance = streaming("data: 1\r\n\r\ndata: ha", "lf\r\n\r\ndata: 3\r\n\r\n");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            until(client, "data: ha");
            traffic.switchTo(fresh.target("shop-2"), 2);
            CompletableFuture<Drained> draining = drain(Duration.ofSeconds(20));
            // the goodbye must have come, or the rest would pass as usual; a second drain is told the same end
            CompletableFuture<Drained> again = drain(Duration.ofSeconds(20));
            assertThat(new CountDownLatch(1).await(300, TimeUnit.MILLISECONDS)).isFalse();

            mayGoOn.countDown();

            String rest = until(client, "0\r\n\r\n");
            assertThat(rest).contains("lf\r\n\r").doesNotContain("data: 3");
            assertThat(draining.get(10, TimeUnit.SECONDS).streams()).isEqualTo(1);
            assertThat(again.get(10, TimeUnit.SECONDS).streams()).isEqualTo(1);
        }
    }

    @Test
    void eventThatNeverEndsIsCutAtTheDeadline() throws Exception {
        try (RawInstance instance = streaming("data: ha", "");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            until(client, "data: ha");
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", Duration.ofMillis(300));

            assertThat(drained.streams()).isZero();
            assertThat(drained.cut()).isEqualTo(1);
            assertThatThrownBy(() -> until(client, "0\r\n\r\n")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void compressedEventsAreCutSinceNobodySeesWhereTheyEnd() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(HEAD.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n") + chunk("squeezed\n\n"));
                    line.in.read();
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            until(client, "squeezed\n\n");
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", Duration.ofMillis(300));

            assertThat(drained.streams()).isZero();
            assertThat(drained.cut()).isEqualTo(1);
        }
    }

    @Test
    void requestThatBecomesAStreamDuringTheDrainIsToldToo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    asked.countDown();
                    await(mayGoOn);
                    line.say(HEAD + chunk("data: 1\n\n"));
                    line.in.read();
                });
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            traffic.switchTo(fresh.target("shop-2"), 2);
            CompletableFuture<Drained> draining = drain(Duration.ofSeconds(20));
            mayGoOn.countDown();

            until(client, "0\r\n\r\n");

            Drained drained = draining.get(10, TimeUnit.SECONDS);
            assertThat(drained.streams()).isEqualTo(1);
            assertThat(drained.cut()).isZero();
        }
    }

    @Test
    void interruptedDrainCanBeBegunAgain() throws Exception {
        try (RawInstance instance = streaming("data: ha", "lf\n\n");
                RawClient client = client(instance)) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            until(client, "data: ha");
            traffic.switchTo(fresh.target("shop-2"), 2);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> traffic.drain("shop-1", Duration.ofSeconds(20)))
                    .isInstanceOf(InterruptedException.class);
            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(mayGoOn::countDown);

            assertThat(traffic.drain("shop-1", Duration.ofSeconds(20)).streams())
                    .isEqualTo(1);
            assertThat(traffic.drain("shop-1", Duration.ofSeconds(20)).streams())
                    .isZero();
        }
    }

    // --- the world

    /** Sends the second part when it may. */
    private RawInstance streaming(String first, String second) throws IOException {
        return new RawInstance(line -> {
            line.read();
            line.say(HEAD + chunk(first));
            if (!second.isEmpty()) {
                Thread writer = new Thread(() -> {
                    try {
                        await(mayGoOn);
                        line.say(chunk(second));
                    } catch (IOException e) {
                        // nobody was there any more
                        return;
                    }
                });
                writer.setDaemon(true);
                writer.start();
            }
            if (line.in.read() < 0) {
                hungUp.countDown();
            }
        });
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private RawClient client(RawInstance instance) throws IOException {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new RawClient(traffic.address());
    }

    private CompletableFuture<Drained> drain(Duration deadline) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return traffic.drain("shop-1", deadline);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String until(RawClient client, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int octet = client.in().read();
            if (octet < 0) {
                throw new EOFException("ended before " + end + ": " + read);
            }
            read.append((char) octet);
        }
        return read.toString();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new EOFException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
