package dev.nonevent.pipeline.bluegreen.router.http;

import static dev.nonevent.pipeline.bluegreen.router.http.RawStreams.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames that are each allowed, and too many of them: who sends them is sent away, and others are served meanwhile. */
@Timeout(60)
class StreamAttackTest {

    private static final int MANY = 20_000;

    /** The allocator takes megabytes at a time for each thread; what a flood sends is 340 MB. */
    private static final int FEW_MIB = 16 * 1024 * 1024;

    private static final byte[] EIGHT = new byte[8];
    private static final int INITIAL_WINDOW = 4;

    private final CountDownLatch over = new CountDownLatch(1);
    private RawInstance instance;
    private Switchboard switchboard;
    private FrontDoor door;

    @BeforeEach
    void open() throws Exception {
        instance = new RawInstance(line -> {
            while (true) {
                String asked = line.read().firstLine();
                if (asked.contains("/silent")) {
                    awaitTheEnd();
                }
                line.answer(asked.contains("/long") ? "x".repeat(1_000_000) : "ok");
            }
        });
        Route route = new Route(Routing.to(instance.target("shop-1")), 0, 0);
        switchboard = new Switchboard(route, ignored -> {}, TimeSource.system());
        door = new FrontDoor(switchboard, FrontDoor.LOOPBACK, 0, Limits.usual());
    }

    @AfterEach
    void close() throws Exception {
        over.countDown();
        door.close();
        instance.close();
    }

    /** CVE-2023-44487. */
    @Test
    void rapidResetEndsAfterFewRequestsAndLeavesNothingInFlight() throws Exception {
        try (RawStreams attacker = new RawStreams(door.address())) {
            int stream = 1;
            try {
                for (int i = 0; i < 5_000; i++, stream += 2) {
                    attacker.send(RawStreams.get(stream, "/silent"), RawStreams.reset(stream));
                }
            } catch (IOException e) {
                // sent away
                assertThat(stream).isGreaterThan(1);
            }

            assertGoodbye(attacker.rest(), RawStreams.ENHANCE_YOUR_CALM);
        }
        assertThat(instance.connections.get()).isLessThanOrEqualTo(202);
        assertOthersAreServed();
        awaitNothingInFlight();
    }

    /** CVE-2025-8671: here it is the router that resets. */
    @Test
    void faultsThatMakeTheRouterResetEndAfterFewRequests() throws Exception {
        try (RawStreams attacker = new RawStreams(door.address())) {
            int stream = 1;
            try {
                for (int i = 0; i < 5_000; i++, stream += 2) {
                    attacker.send(RawStreams.post(stream, "/silent"), RawStreams.more(stream, 0));
                }
            } catch (IOException e) {
                // sent away
                assertThat(stream).isGreaterThan(1);
            }

            assertGoodbye(attacker.rest(), RawStreams.ENHANCE_YOUR_CALM);
        }
        assertThat(instance.connections.get()).isLessThanOrEqualTo(202);
        assertOthersAreServed();
        awaitNothingInFlight();
    }

    /** CVE-2019-9512. */
    @Test
    void pingsOfAClientThatDoesNotReadEndAndHoldLittleMemory() throws Exception {
        assertFloodEnds(frame(RawStreams.PING, 0, 0, EIGHT));
    }

    /** CVE-2019-9515. */
    @Test
    void settingsOfAClientThatDoesNotReadEndAndHoldLittleMemory() throws Exception {
        assertFloodEnds(frame(RawStreams.SETTINGS, 0, 0));
    }

    /** CVE-2019-9518. */
    @Test
    void framesOfABodyThatCarryNothingAreTheEnd() throws Exception {
        try (RawStreams attacker = new RawStreams(door.address())) {
            attacker.send(RawStreams.post(1, "/"));
            attacker.flood(MANY, frame(RawStreams.DATA, 0, 1));

            assertGoodbye(attacker.rest(), RawStreams.ENHANCE_YOUR_CALM);
        }
        assertOthersAreServed();
        awaitNothingInFlight();
    }

    /** CVE-2024-27316. */
    @Test
    void headInEndlessSmallPiecesIsTheEnd() throws Exception {
        try (RawStreams attacker = new RawStreams(door.address())) {
            attacker.send(frame(RawStreams.HEADERS, 0, 1, RawStreams.fields("GET", "/")));
            int sent = attacker.flood(MANY, frame(RawStreams.CONTINUATION, 0, 1, (byte) 0x82));

            assertGoodbye(attacker.rest(), RawStreams.ENHANCE_YOUR_CALM);
            assertThat(sent).isLessThanOrEqualTo(MANY);
        }
        assertThat(instance.requests).isEmpty();
        assertOthersAreServed();
    }

    @Test
    void headInEndlessLargePiecesIsTheEndAndHoldsLittleMemory() throws Exception {
        long before = memory();
        byte[] piece = new byte[16_000];
        java.util.Arrays.fill(piece, (byte) 0x82);
        try (RawStreams attacker = new RawStreams(door.address())) {
            attacker.send(frame(RawStreams.HEADERS, 0, 1, RawStreams.fields("GET", "/")));
            attacker.flood(2_000, frame(RawStreams.CONTINUATION, 0, 1, piece));

            attacker.rest();
        }
        assertThat(memory() - before).isLessThan(FEW_MIB);
        assertThat(instance.requests).isEmpty();
        assertOthersAreServed();
    }

    @Test
    void framesThatNeedNoAnswerHurtNobody() throws Exception {
        byte[] priority = {0, 0, 0, 0, 15};
        try (RawStreams client = new RawStreams(door.address())) {
            client.flood(MANY, frame(RawStreams.PRIORITY, 0, 1, priority));
            client.flood(MANY, frame(RawStreams.SETTINGS, RawStreams.ACK, 0));
            client.send(RawStreams.get(3, "/"));

            assertThat(client.awaitFrame(each -> each.type() == RawStreams.DATA).payload())
                    .asString()
                    .isEqualTo("ok");
        }
    }

    @Test
    void pingsOfAClientThatReadsAreAllAnswered() throws Exception {
        try (RawStreams client = new RawStreams(door.address())) {
            for (int i = 0; i < 3_000; i++) {
                client.send(frame(RawStreams.PING, 0, 0, EIGHT));
                assertThat(client.awaitFrame(each -> each.type() == RawStreams.PING)
                                .flags())
                        .isEqualTo(RawStreams.ACK);
            }
        }
    }

    @Test
    void hundredStreamsAreTakenAndTheNextOneIsRefusedUntilOneEnds() throws Exception {
        try (RawStreams client = new RawStreams(door.address())) {
            for (int i = 0; i < 100; i++) {
                client.send(RawStreams.get(1 + 2 * i, "/silent"));
            }
            client.send(RawStreams.get(201, "/"));

            RawStreams.Frame refused = client.awaitFrame(each -> each.type() == RawStreams.RESET);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.error()).isEqualTo(RawStreams.REFUSED_STREAM);
            assertThat(switchboard.counts().get(0).inFlight()).isEqualTo(100);

            client.send(RawStreams.reset(1), RawStreams.get(203, "/"));
            assertThat(client.awaitFrame(each -> each.stream() == 203 && each.type() == RawStreams.DATA)
                            .payload())
                    .asString()
                    .isEqualTo("ok");
        }
        awaitNothingInFlight();
    }

    @Test
    void clientsThatGiveNoWindowHoldLittleMemoryAndNotForLong() throws Exception {
        door.close();
        Limits usual = Limits.usual();
        Duration soon = Duration.ofMillis(500);
        door = new FrontDoor(
                switchboard,
                FrontDoor.LOOPBACK,
                0,
                usual.withClientIdle(soon).withInstances(usual.instances().within(Duration.ofSeconds(5), soon, soon)));
        long before = memory();
        try (RawStreams starving = new RawStreams(door.address(), INITIAL_WINDOW, 0)) {
            for (int i = 0; i < 80; i++) {
                starving.send(RawStreams.get(1 + 2 * i, i % 2 == 0 ? "/long" : "/short"));
            }
            for (int i = 0; i < 80; i++) {
                starving.send(frame(RawStreams.PING, 0, 0, EIGHT));
                starving.awaitFrame(each -> each.type() == RawStreams.RESET);
            }
            assertThat(memory() - before).isLessThan(2 * FEW_MIB);
        }
        awaitNothingInFlight();
        assertOthersAreServed();
    }

    @Test
    void windowThatOverflowsIsAFault() throws Exception {
        try (RawStreams client = new RawStreams(door.address())) {
            client.send(RawStreams.more(0, Integer.MAX_VALUE), RawStreams.more(0, Integer.MAX_VALUE));

            assertGoodbye(client.rest(), RawStreams.FLOW_CONTROL_ERROR);
        }
    }

    // --- the world

    private void assertFloodEnds(byte[] frame) throws Exception {
        long before = memory();
        byte[] block = new byte[frame.length * 1_000];
        for (int i = 0; i < 1_000; i++) {
            System.arraycopy(frame, 0, block, i * frame.length, frame.length);
        }
        try (RawStreams attacker = new RawStreams(door.address())) {
            int sent = attacker.flood(MANY, block);

            assertThat(sent).as("blocks until the connection was closed").isLessThan(MANY);
            assertThat(memory() - before).isLessThan(FEW_MIB);
            assertOthersAreServed();
        }
    }

    /** The goodbye is lost where the flood meets the closed connection; the end is not. */
    private static void assertGoodbye(List<RawStreams.Frame> last, int error) {
        assertThat(last).allMatch(each -> each.type() != RawStreams.GO_AWAY || each.error() == error);
    }

    private void assertOthersAreServed() throws Exception {
        try (StreamClient other = new StreamClient(door.address())) {
            assertThat(other.get("/").body()).isEqualTo("ok");
        }
    }

    private void awaitNothingInFlight() throws Exception {
        Awaited.that(() -> assertThat(switchboard.counts().get(0).inFlight()).isZero());
    }

    /** Of all that the router has taken for bytes on their way. */
    private static long memory() {
        var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    private void awaitTheEnd() throws IOException {
        try {
            if (over.await(60, TimeUnit.SECONDS)) {
                throw new IOException("the test is over");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
