package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients and instances may ask of the router, and what becomes of those who ask for more. */
@Timeout(60)
class LimitsTest {

    private static final int LARGE = 100_000_000;
    private static final Limits.Clients USUAL = Limits.usual().clients();

    private @Nullable FrontDoor door;
    private @Nullable Switchboard switchboard;

    @AfterEach
    void close() {
        if (door != null) {
            door.close();
        }
    }

    @Test
    void headThatDribblesIsGivenUp() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(
                        instance,
                        Limits.usual()
                                .withClients(new Limits.Clients(100, Duration.ofMillis(300), 200, Long.MAX_VALUE)))) {
            CompletableFuture<Void> dribbling = CompletableFuture.runAsync(() -> dribble(client));

            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
            assertThat(instance.requests).isEmpty();
            client.close();
            dribbling.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void headInPiecesThatIsInTimeIsTaken() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(
                        instance,
                        Limits.usual()
                                .withClients(new Limits.Clients(100, Duration.ofMillis(500), 200, Long.MAX_VALUE)))) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\n");
                client.send("Host: shop\r\n\r\n");

                assertThat(client.read().body()).isEqualTo("reached");
            }
            // none of the clocks is still running
            assertThat(new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(client.get("/").body()).isEqualTo("reached");
        }
    }

    @Test
    void moreHeaderFieldsThanAllowedAreRefused() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(instance, Limits.usual())) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n" + "X-A: b\r\n".repeat(199) + "\r\n");
            assertThat(client.read().body()).isEqualTo("reached");

            client.send("GET / HTTP/1.1\r\nHost: shop\r\n" + "X-A: b\r\n".repeat(200) + "\r\n");

            assertThat(client.read().status()).isEqualTo(431);
            assertThat(client.atEnd()).isTrue();
            assertThat(instance.requests).hasSize(1);
        }
    }

    @Test
    void oneConnectionMoreThanThereIsRoomForIsTurnedAway() throws Exception {
        Limits two =
                Limits.usual().withClients(new Limits.Clients(2, USUAL.headWithin(), USUAL.fields(), USUAL.body()));
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient first = client(instance, two);
                RawClient second = new RawClient(door.address());
                RawClient third = new RawClient(door.address())) {
            assertThat(first.get("/").body()).isEqualTo("reached");
            assertThat(second.get("/").body()).isEqualTo("reached");

            assertThat(third.read().status()).isEqualTo(503);
            assertThat(third.atEnd()).isTrue();
            assertThat(door.turnedAway()).isEqualTo(1);

            first.close();
            assertThat(untilThereIsRoom()).isEqualTo("reached");
        }
    }

    @Test
    void bodyLongerThanAllowedIsRefusedBeforeItIsRead() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(instance, bodyOf(10))) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 10\r\n\r\n0123456789");
            assertThat(client.read().body()).isEqualTo("reached");

            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 11\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.atEnd()).isTrue();
            assertThat(instance.requests).hasSize(1);
        }
    }

    @Test
    void chunksAreCountedToo() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(instance, bodyOf(10))) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.atEnd()).isTrue();
            assertThat(switchboard.counts().get(0).failed()).isZero();
        }
    }

    @Test
    void instanceThatIsSilentTooLongIsAGatewayTimeout() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.in.read();
                });
                RawClient client = client(instance, instanceWithin(Duration.ofMillis(200), Duration.ofMillis(200)))) {
            assertThat(client.get("/").status()).isEqualTo(504);
        }
    }

    @Test
    void instanceThatIsSilentInTheMiddleIsNotTakenForDone() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                    line.in.read();
                });
                RawClient client = client(instance, instanceWithin(Duration.ofMillis(200), Duration.ofMillis(200)))) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            assertThat(new String(client.in().readAllBytes())).endsWith("half");
            assertThat(switchboard.counts().get(0).failed()).isEqualTo(1);
        }
    }

    /** One that is too busy to take what the kernel has queued for it; nobody would see that from a 502 alone. */
    @Test
    void instanceThatTakesNoConnectionInTimeIsNotTakenForOneThatRefuses() throws Exception {
        List<SocketChannel> queued = new ArrayList<>();
        Limits usual = Limits.usual();
        Limits hurried = usual.withInstances(
                usual.instances().within(Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(5)));
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient client = client(
                        new Target(Colour.BLUE, "shop-1", URI.create("http://127.0.0.1:" + busy.getLocalPort())),
                        hurried)) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                queued.add(channel);
                channel.configureBlocking(false);
                channel.connect(busy.getLocalSocketAddress());
            }

            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("the instance takes no connection: none within 300 ms");
        } finally {
            for (SocketChannel channel : queued) {
                channel.close();
            }
        }
    }

    @Test
    void clientThatStopsInTheMiddleOfItsBodyIsGivenUp() throws Exception {
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient client = client(instance, Limits.usual().withClientIdle(Duration.ofMillis(200)))) {
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 10\r\n\r\nhalf");

            assertThat(client.atEnd()).isTrue();
            assertThat(switchboard.counts().get(0).failed()).isZero();
        }
    }

    @Test
    void clientThatDoesNotReadHoldsNoMemory() throws Exception {
        AtomicLong written = new AtomicLong();
        try (RawInstance instance = new RawInstance(line -> {
                    line.read();
                    line.say("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n");
                    byte[] block = new byte[50_000];
                    while (written.get() < LARGE) {
                        line.socket.getOutputStream().write(block);
                        written.addAndGet(block.length);
                    }
                });
                RawClient client = client(instance, Limits.usual())) {
            long before = memory();
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

            Standstill.of(written);

            // most of what left the instance is in the buffers of two sockets
            assertThat(written.get()).isLessThan(LARGE / 2);
            assertThat(memory() - before).isLessThan(32 * 1024 * 1024);
        }
    }

    @Test
    void instanceThatDoesNotReadStopsTheUploadAndHoldsNoMemory() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch asked = new CountDownLatch(1);
        try (RawInstance instance = new RawInstance(line -> {
                    line.readHead();
                    try {
                        asked.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
                RawClient client = client(instance, Limits.usual())) {
            long before = memory();
            client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + LARGE + "\r\n\r\n");
            CompletableFuture<Void> uploading = CompletableFuture.runAsync(() -> upload(client, written));

            Standstill.of(written);

            assertThat(written.get()).isLessThan(LARGE / 2);
            assertThat(memory() - before).isLessThan(32 * 1024 * 1024);
            asked.countDown();
            uploading.get(20, TimeUnit.SECONDS);
        }
    }

    // --- the world

    /** Of all that the router has taken for bytes on their way. */
    private static long memory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private static Limits instanceWithin(Duration firstByte, Duration idle) {
        Limits usual = Limits.usual();
        return usual.withInstances(usual.instances().within(Duration.ofSeconds(5), firstByte, idle));
    }

    private static Limits bodyOf(long bytes) {
        return Limits.usual()
                .withClients(new Limits.Clients(USUAL.connections(), USUAL.headWithin(), USUAL.fields(), bytes));
    }

    private RawClient client(RawInstance instance, Limits limits) throws Exception {
        return client(instance.target("shop-1"), limits);
    }

    private RawClient client(Target target, Limits limits) throws Exception {
        switchboard = new Switchboard(new Route(Routing.to(target), 0, 0), route -> {}, TimeSource.system());
        door = new FrontDoor(switchboard, FrontDoor.LOOPBACK, 0, limits);
        return new RawClient(door.address());
    }

    private static void dribble(RawClient client) {
        try {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\n");
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                client.send("X-A: b\r\n");
            }
        } catch (IOException | InterruptedException e) {
            // it was given up
            return;
        }
    }

    private static void upload(RawClient client, AtomicLong written) {
        byte[] block = new byte[50_000];
        try {
            while (written.get() < LARGE) {
                client.socket.getOutputStream().write(block);
                written.addAndGet(block.length);
            }
        } catch (IOException e) {
            // the instance has ended the connection
            return;
        }
    }

    /** Closing a connection with unread bytes wipes out what was said on it. */
    @Test
    void whoFindsNoRoomReadsWhyThoughItHasSentMuch() throws Exception {
        Limits one =
                Limits.usual().withClients(new Limits.Clients(1, USUAL.headWithin(), USUAL.fields(), USUAL.body()));
        try (RawInstance instance = RawInstance.answering("reached");
                RawClient first = client(instance, one)) {
            assertThat(first.get("/").body()).isEqualTo("reached");
            for (int i = 0; i < 20; i++) {
                try (RawClient next = new RawClient(door.address())) {
                    next.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000));
                    next.send("x".repeat(50_000));

                    assertThat(next.read().status()).isEqualTo(503);
                    assertThat(next.atEnd()).isTrue();
                }
            }
        }
    }

    private String untilThereIsRoom() throws IOException, InterruptedException {
        while (true) {
            try (RawClient next = new RawClient(door.address())) {
                RawClient.Message answer = next.get("/");
                if (answer.status() != 503) {
                    return answer.body();
                }
            } catch (IOException e) {
                // turned away before it had asked
                assertThat(new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS))
                        .isFalse();
            }
        }
    }
}
