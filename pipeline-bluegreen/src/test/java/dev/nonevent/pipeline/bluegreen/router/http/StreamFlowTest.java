package dev.nonevent.pipeline.bluegreen.router.http;

import static dev.nonevent.pipeline.bluegreen.router.StreamClient.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that are slow, end early or are cut: each for itself, and the instance learns of it. */
@Timeout(60)
class StreamFlowTest {

    private static final String BLOCK = "x".repeat(16 * 1024);

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
    void streamsOfOneConnectionDoNotWaitForEachOther() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    while (true) {
                        String path = line.read().firstLine();
                        if (path.contains("/slow")) {
                            awaitUninterruptibly(go);
                        }
                        line.answer(path);
                    }
                });
                StreamClient client = client(instance)) {
            var slow = client.open(head("GET", "/slow"), true);

            for (int i = 0; i < 50; i++) {
                assertThat(client.get("/" + i).body()).isEqualTo("GET /" + i + " HTTP/1.1");
            }
            go.countDown();
            assertThat(slow.answer().body()).isEqualTo("GET /slow HTTP/1.1");
        }
    }

    @Test
    void clientThatDoesNotReadStopsTheInstanceAndNotItsOtherStreams() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    if (line.read().firstLine().contains("/endless")) {
                        line.socket.setSendBufferSize(16 * 1024);
                        writeUntilNobodyTakesIt(line, stuck);
                    } else {
                        line.answer("quick");
                    }
                });
                StreamClient client = client(instance)) {
            var unread = client.open(head("GET", "/endless"), true, false);

            assertThat(stuck.await(20, TimeUnit.SECONDS))
                    .as("the instance is held back")
                    .isTrue();
            assertThat(client.get("/quick").body()).isEqualTo("quick");
            unread.reset();
        }
    }

    @Test
    void uploadThatTheInstanceDoesNotReadDoesNotHoldUpOtherUploads() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    RawClient.Message request = line.readHead();
                    if (request.firstLine().contains("/stuck")) {
                        arrived.countDown();
                        awaitUninterruptibly(go);
                    }
                    long left = Long.parseLong(request.headers().get("content-length"));
                    line.in.skipNBytes(left);
                    line.answer(Long.toString(left));
                });
                StreamClient client = client(instance)) {
            String length = Integer.toString(512 * BLOCK.length());
            var stuck = client.open(head("POST", "/stuck", "content-length", length), false);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 512; i++) {
                stuck.send(BLOCK, i == 511);
            }

            var other = client.open(head("POST", "/other", "content-length", length), false);
            for (int i = 0; i < 512; i++) {
                other.send(BLOCK, i == 511);
            }
            assertThat(other.answer().body()).isEqualTo(length);
            go.countDown();
            assertThat(stuck.answer().body()).isEqualTo(length);
        }
    }

    @Test
    void resetOfTheClientIsTheEndOfTheConnectionToTheInstance() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    arrived.countDown();
                    if (line.in.read() < 0) {
                        gone.countDown();
                    }
                });
                StreamClient client = client(instance)) {
            var asked = client.open(head("GET", "/"), true);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

            asked.reset();

            assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(traffic.counts().get(0).failed()).isZero();
        }
    }

    @Test
    void clientThatLeavesInTheMiddleOfAStuckUploadIsToldToTheInstance() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
            line.readHead();
            arrived.countDown();
            awaitUninterruptibly(left);
            readToTheEnd(line);
            gone.countDown();
        })) {
            try (StreamClient client = client(instance)) {
                var asked = client.open(head("POST", "/"), false);
                assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < 2_000; i++) {
                    asked.send(BLOCK, false);
                }
            }
            left.countDown();

            assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void earlyAnswerIsWholeAndTheRestOfTheRequestIsNotWanted() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    line.say("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    readToTheEnd(line);
                });
                StreamClient client = client(instance)) {
            var asked = client.open(head("POST", "/", "content-length", "1000"), false);
            asked.send("some", false);

            StreamClient.Answer answer = asked.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.body()).isEqualTo("big");
            assertThat(asked.awaitReset()).isEqualTo(Http2Error.NO_ERROR);
        }
    }

    @Test
    void halfAnAnswerIsNeverTakenForAWholeOne() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
                StreamClient client = client(instance)) {
            StreamClient.Answer answer = client.get("/");

            assertThat(answer.reset()).contains(Http2Error.INTERNAL_ERROR);
        }
    }

    @Test
    void drainCutsStreamsAtItsDeadlineAndTheConnectionGoesOn() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(2);
        try (RawInstance old = new RawInstance(line -> {
                    if (line.read().firstLine().contains("/half")) {
                        line.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    }
                    arrived.countDown();
                    awaitUninterruptibly(never);
                });
                RawInstance fresh = RawInstance.answering("new");
                StreamClient client = client(old)) {
            var silent = client.open(head("GET", "/silent"), true);
            var half = client.open(head("GET", "/half"), true);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(half.awaitHead()).isEqualTo(200);
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", Duration.ofMillis(50));

            assertThat(drained.cut()).isEqualTo(2);
            assertThat(silent.answer().status()).isEqualTo(504);
            assertThat(half.awaitReset()).isEqualTo(Http2Error.INTERNAL_ERROR);
            assertThat(client.get("/").body()).isEqualTo("new");
            never.countDown();
        }
    }

    private StreamClient client(RawInstance instance) throws Exception {
        traffic.switchTo(instance.target("shop-1"), 1);
        return new StreamClient(traffic.address());
    }

    private static void writeUntilNobodyTakesIt(RawInstance.Line line, CountDownLatch stuck)
            throws java.io.IOException {
        line.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        Thread writer = Thread.currentThread();
        Thread watch = new Thread(() -> awaitBlocked(writer, stuck));
        watch.setDaemon(true);
        watch.start();
        while (true) {
            line.say(BLOCK);
        }
    }

    /** Stuck: half a second within the same write. */
    private static void awaitBlocked(Thread writer, CountDownLatch stuck) {
        CountDownLatch never = new CountDownLatch(1);
        int same = 0;
        try {
            while (writer.isAlive() && same < 10) {
                boolean writing = java.util.Arrays.stream(writer.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("write"));
                same = writing ? same + 1 : 0;
                if (never.await(50, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            stuck.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void readToTheEnd(RawInstance.Line line) {
        try {
            line.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (java.io.IOException e) {
            // a reset is an end, too
            return;
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) throws java.io.IOException {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new java.io.IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new java.io.IOException(e);
        }
    }
}
