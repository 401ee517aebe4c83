package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets are told to go when their side is taken away, and not all in one instant. */
@Timeout(60)
class WebSocketDrainTest {

    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private Traffic traffic;
    private final BlockingQueue<Frames.Frame> arrived = new LinkedBlockingQueue<>();

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
    }

    @Test
    void bothSidesAreToldThatTheOtherGoesAway() throws Exception {
        try (RawInstance instance = echo();
                RawInstance fresh = RawInstance.answering("new");
                RawClient client = Frames.upgrade(client(instance))) {
            traffic.switchTo(fresh.target("shop-2"), 2);
            CompletableFuture<Drained> draining = drain(LONG);

            Frames.Frame toClient = Frames.read(client.in());
            client.socket.getOutputStream().write(Frames.close(1001, true));

            assertThat(toClient.opcode()).isEqualTo(Frames.CLOSE);
            assertThat(toClient.code()).isEqualTo(1001);
            assertThat(toClient.masked()).isFalse();
            Frames.Frame toInstance = arrived.poll(10, TimeUnit.SECONDS);
            assertThat(toInstance.opcode()).isEqualTo(Frames.CLOSE);
            assertThat(toInstance.code()).isEqualTo(1001);
            assertThat(toInstance.masked()).isTrue();
            assertThat(client.atEnd()).isTrue();
            Drained drained = draining.get(10, TimeUnit.SECONDS);
            assertThat(drained.webSockets()).isEqualTo(1);
            assertThat(drained.cut()).isZero();
            assertThat(drained.took()).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void goodbyeWaitsForTheEndOfTheFrameThatIsUnderWay() throws Exception {
        byte[] frame = Frames.text("x".repeat(300));
        CompletableFuture<Void> told = new CompletableFuture<>();
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    line.socket.getOutputStream().write(frame, 0, 100);
                    // our Close arrives here first, since nothing is under way in this direction
                    arrived.add(Frames.read(line.in));
                    line.socket.getOutputStream().write(frame, 100, frame.length - 100);
                    line.socket.getOutputStream().write(Frames.text("too late"));
                    told.complete(null);
                    line.in.readAllBytes();
                });
                RawInstance fresh = RawInstance.answering("new");
                RawClient client = Frames.upgrade(client(instance))) {
            begunFrame(client);
            traffic.switchTo(fresh.target("shop-2"), 2);
            CompletableFuture<Drained> draining = drain(LONG);

            assertThat(Frames.read(client.in()).text()).isEqualTo("x".repeat(300));
            assertThat(Frames.read(client.in()).code()).isEqualTo(1001);
            assertThat(client.atEnd()).isTrue();
            assertThat(draining.get(10, TimeUnit.SECONDS).webSockets()).isEqualTo(1);
        }
    }

    @Test
    void clientThatNeverAnswersTheCloseIsNotWaitedForLong() throws Exception {
        try (RawInstance instance = echo();
                RawInstance fresh = RawInstance.answering("new");
                RawClient client = Frames.upgrade(client(instance))) {
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", LONG);

            assertThat(drained.webSockets()).isEqualTo(1);
            assertThat(drained.took()).isLessThan(Duration.ofSeconds(6));
            assertThat(Frames.read(client.in()).code()).isEqualTo(1001);
        }
    }

    @Test
    void webSocketWhoseFrameNeverEndsIsCutAtTheDeadline() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    line.socket.getOutputStream().write(Frames.text("never whole"), 0, 5);
                    line.in.readAllBytes();
                });
                RawInstance fresh = RawInstance.answering("new");
                RawClient client = Frames.upgrade(client(instance))) {
            assertThat(client.in().readNBytes(5)).hasSize(5);
            traffic.switchTo(fresh.target("shop-2"), 2);

            Drained drained = traffic.drain("shop-1", SHORT);

            assertThat(drained.webSockets()).isZero();
            assertThat(drained.cut()).isEqualTo(1);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void fiftyAreToldSpreadOverTheGraceAndComeBackToTheNewSide() throws Exception {
        int count = 50;
        Duration deadline = Duration.ofSeconds(4);
        try (RawInstance instance = echo();
                RawInstance fresh = echo()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(Frames.upgrade(client(instance)));
            }
            traffic.switchTo(fresh.target("shop-2"), 2);
            long began = System.nanoTime();
            CompletableFuture<Drained> draining = drain(deadline);
            List<CompletableFuture<Long>> told =
                    clients.stream().map(client -> toldAfter(client, began)).toList();

            long[] millis = told.stream()
                    .mapToLong(nanos -> TimeUnit.NANOSECONDS.toMillis(nanos.join()))
                    .sorted()
                    .toArray();

            Drained drained = draining.get(10, TimeUnit.SECONDS);
            assertThat(drained.webSockets()).isEqualTo(count);
            assertThat(drained.cut()).isZero();
            assertThat(millis[count - 1]).isLessThan(deadline.toMillis());
            for (int quarter = 0; quarter < 4; quarter++) {
                long from = quarter * 800L;
                long inQuarter = Arrays.stream(millis)
                        .filter(at -> at >= from && at < from + 800)
                        .count();
                assertThat(inQuarter).as("told from %s ms on", from).isBetween(4L, 25L);
            }
            assertThat(fresh.requests).hasSize(count);
        }
    }

    @Test
    void twoDrainsAtOnceSeeTheSameEndsAndHoldUpNoNewRequest() throws Exception {
        byte[] frame = Frames.text("x".repeat(300));
        Duration deadline = Duration.ofSeconds(8);
        CompletableFuture<Void> bothDrain = new CompletableFuture<>();
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say(Frames.AGREE);
                    // nobody ends in the middle of a frame
                    line.socket.getOutputStream().write(frame, 0, 100);
                    bothDrain.join();
                    line.socket.getOutputStream().write(frame, 100, frame.length - 100);
                    line.in.readAllBytes();
                });
                RawInstance fresh = RawInstance.answering("new");
                RawClient first = begunFrame(Frames.upgrade(client(instance)));
                RawClient second = begunFrame(Frames.upgrade(client(instance)));
                RawClient asker = new RawClient(traffic.address())) {
            traffic.switchTo(fresh.target("shop-2"), 2);
            FutureTask<Drained> one = new FutureTask<>(() -> traffic.drain("shop-1", deadline));
            FutureTask<Drained> two = new FutureTask<>(() -> traffic.drain("shop-1", deadline));
            for (FutureTask<Drained> drain : List.of(one, two)) {
                Thread thread = new Thread(drain, "drain");
                thread.setDaemon(true);
                thread.start();
                awaitInTheDrain(thread);
            }

            assertThat(asker.get("/").body()).isEqualTo("new");
            bothDrain.complete(null);

            assertThat(one.get(30, TimeUnit.SECONDS).webSockets()).isEqualTo(2);
            assertThat(two.get(30, TimeUnit.SECONDS).webSockets()).isEqualTo(2);
            for (RawClient client : List.of(first, second)) {
                assertThat(Frames.read(client.in()).text()).isEqualTo("x".repeat(300));
                assertThat(Frames.read(client.in()).code()).isEqualTo(1001);
            }
        }
    }

    // --- the world

    private RawInstance echo() throws IOException {
        return new RawInstance(line -> {
            line.read();
            line.say(Frames.AGREE);
            while (true) {
                Frames.Frame frame = Frames.read(line.in);
                arrived.add(frame);
                line.socket.getOutputStream().write(Frames.frame(frame.opcode(), frame.payload(), false));
                if (frame.opcode() == Frames.CLOSE) {
                    return;
                }
            }
        });
    }

    private RawClient client(RawInstance instance) throws IOException {
        if (traffic.route().active().isEmpty()) {
            traffic.switchTo(instance.target("shop-1"), 1);
        }
        return new RawClient(traffic.address());
    }

    private static RawClient begunFrame(RawClient client) throws IOException {
        client.in().mark(200);
        assertThat(client.in().readNBytes(100)).hasSize(100);
        client.in().reset();
        return client;
    }

    /** It has looked at what there is by the time it waits for it. */
    private static void awaitInTheDrain(Thread thread) throws Exception {
        Awaited.that(() -> assertThat(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitTick")));
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

    /** Answers the Close, comes back at once, and says when the Close came. */
    private CompletableFuture<Long> toldAfter(RawClient client, long began) {
        CompletableFuture<Long> told = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (client) {
                Frames.Frame close = Frames.read(client.in());
                long at = System.nanoTime() - began;
                assertThat(close.code()).isEqualTo(1001);
                client.socket.getOutputStream().write(Frames.close(1001, true));
                assertThat(client.atEnd()).isTrue();
                try (RawClient again = new RawClient(traffic.address())) {
                    Frames.upgrade(again);
                }
                told.complete(at);
            } catch (IOException | AssertionError e) {
                told.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return told;
    }
}
