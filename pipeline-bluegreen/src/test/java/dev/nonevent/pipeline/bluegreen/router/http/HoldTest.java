package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Users who wait until they are let in. */
@Timeout(60)
class HoldTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
    private static final Duration LONG = Duration.ofSeconds(40);

    private final Switchboard traffic = new Switchboard(Route.none(), route -> {}, TimeSource.system());
    private FrontDoor door;

    @BeforeEach
    void open() throws Exception {
        door = new FrontDoor(traffic, FrontDoor.LOOPBACK, 0, Limits.usual());
        traffic.whenClosed(door::forget);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void heldRequestIsAnsweredByWhoGetsTheUsersWhenTheyAreLetIn() throws Exception {
        try (RawInstance before = RawInstance.answering("before");
                RawInstance after = RawInstance.answering("after")) {
            put(Routing.to(before.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            try (RawClient client = client().send(GET)) {
                awaitHeld(1);

                put(Routing.to(after.target("shop-2")).admission(new Admission.Held(LONG, 1)));
                put(Routing.to(after.target("shop-2")));

                assertThat(client.read().body()).isEqualTo("after");
                assertThat(before.requests).isEmpty();
                assertThat(traffic.counts())
                        .filteredOn(counts -> counts.deployment().equals("shop-2"))
                        .singleElement()
                        .returns(1L, Counts::requests)
                        .returns(0L, Counts::failed);
            }
        }
    }

    @Test
    void holdThatIsFollowedByASwitchAndAnOpeningFailsNobodyUnderLoad() throws Exception {
        int rounds = 12;
        List<RawInstance> instances = new ArrayList<>();
        for (int i = 0; i <= rounds; i++) {
            instances.add(RawInstance.answering(Integer.toString(i)));
        }
        AtomicInteger oldestAllowed = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong answers = new AtomicLong();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        put(Routing.to(instances.get(0).target("shop-0")));
        List<Thread> users = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            users.add(new Thread(() -> use(oldestAllowed, over, answers, failures)));
        }
        users.forEach(Thread::start);

        for (int i = 1; i <= rounds; i++) {
            Target now = instances.get(i - 1).target("shop-" + (i - 1));
            Target next = instances.get(i).target("shop-" + i);
            Admission held = new Admission.Held(LONG, 8);
            put(Routing.to(now).admission(held));
            assertThat(traffic.drain("shop-none", Duration.ZERO).cut()).isZero();
            put(Routing.to(next).admission(held));
            oldestAllowed.set(i);
            put(Routing.to(next));
            assertThat(traffic.drain("shop-" + (i - 1), LONG).cut()).isZero();
            awaitMore(answers, 100, failures);
        }
        over.set(true);
        for (Thread user : users) {
            user.join();
        }

        assertThat(failures).isEmpty();
        assertThat(instances.stream().mapToLong(each -> each.requests.size()).sum())
                .isEqualTo(answers.get());
        for (RawInstance instance : instances) {
            instance.close();
        }
    }

    @Test
    void whoIsOneTooManyIsToldWhenToComeBack() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 2)));
            try (RawClient first = client().send(GET);
                    RawClient second = client().send(GET)) {
                awaitHeld(2);

                RawClient.Message refused = client().get("/");
                put(Routing.to(instance.target("shop-1")));

                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.headers()).containsEntry("retry-after", "40");
                assertThat(first.read().status()).isEqualTo(200);
                assertThat(second.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoHasWaitedTooLongIsToldSoAndTheConnectionGoesOn() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok");
                RawClient client = client()) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(Duration.ofMillis(50), 2)));

            RawClient.Message refused = client.get("/");
            put(Routing.to(instance.target("shop-1")));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.headers()).containsEntry("retry-after", "1");
            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(instance.requests).hasSize(1);
        }
    }

    @Test
    void timeInAFormerHoldCounts() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            try (RawClient client = client().send(GET)) {
                awaitHeld(1);

                put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(Duration.ofNanos(1), 1)));

                assertThat(client.read().status()).isEqualTo(503);
            }
        }
    }

    @Test
    void clientThatLeavesFreesItsPlace() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            RawClient first = client().send(GET);
            awaitHeld(1);

            first.close();
            awaitHeld(0);

            try (RawClient second = client().send(GET)) {
                awaitHeld(1);
                put(Routing.to(instance.target("shop-1")));
                assertThat(second.read().body()).isEqualTo("ok");
                assertThat(instance.requests).hasSize(1);
            }
        }
    }

    @Test
    void clientThatHasSentItsBodyAndLeavesFreesItsPlace() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            String post = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc";
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            RawClient first = client().send(post);
            awaitHeld(1);

            first.close();
            awaitHeld(0);

            try (RawClient second = client().send(post)) {
                awaitHeld(1);
                put(Routing.to(instance.target("shop-1")));
                assertThat(second.read().body()).isEqualTo("ok");
                assertThat(instance.requests).hasSize(1);
                assertThat(instance.requests.get(0).body()).isEqualTo("abc");
            }
        }
    }

    @Test
    void clientThatLeavesInTheMiddleOfItsBodyFreesItsPlace() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            RawClient first = client().send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 99999\r\n\r\n");
            awaitHeld(1);
            first.send("x".repeat(30_000));

            first.close();

            awaitHeld(0);
            assertThat(instance.requests).isEmpty();
        }
    }

    @Test
    void bodyOfAHeldRequestIsNotReadAndIsWholeAfterwards() throws Exception {
        int large = 32 * 1024 * 1024;
        AtomicLong written = new AtomicLong();
        try (RawInstance instance = new RawInstance(line -> {
            line.readHead();
            long read = 0;
            byte[] buffer = new byte[64 * 1024];
            while (read < large) {
                read += line.in.read(buffer);
            }
            line.answer(Long.toString(read));
        })) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            try (RawClient client = client()) {
                client.send("POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: " + large + "\r\n\r\n");
                Thread writer = new Thread(() -> write(client, large, written));
                writer.start();
                awaitHeld(1);
                Standstill.of(written);

                assertThat(written.get()).isLessThan(large);
                put(Routing.to(instance.target("shop-1")));

                assertThat(client.read().body()).isEqualTo(Integer.toString(large));
                writer.join();
            }
        }
    }

    @Test
    void pipelinedRequestsKeepTheirOrder() throws Exception {
        try (RawInstance instance = new RawInstance(line -> {
            while (true) {
                line.answer(line.read().firstLine());
            }
        })) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 1)));
            try (RawClient client = client()) {
                client.send("GET /1 HTTP/1.1\r\nHost: shop\r\n\r\n"
                        + "POST /2 HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc"
                        + "GET /3 HTTP/1.1\r\nHost: shop\r\n\r\n");
                awaitHeld(1);

                put(Routing.to(instance.target("shop-1")));

                assertThat(client.read().body()).isEqualTo("GET /1 HTTP/1.1");
                assertThat(client.read().body()).isEqualTo("POST /2 HTTP/1.1");
                assertThat(client.read().body()).isEqualTo("GET /3 HTTP/1.1");
                assertThat(instance.requests.get(1).body()).isEqualTo("abc");
            }
        }
    }

    @Test
    void eachStreamOfHttp2HasAPlaceAndGivesItUpWhenItIsReset() throws Exception {
        try (RawInstance instance = RawInstance.answering("ok")) {
            put(Routing.to(instance.target("shop-1")).admission(new Admission.Held(LONG, 2)));
            try (StreamClient client = new StreamClient(door.address())) {
                StreamClient.Exchange first = client.open(StreamClient.head("GET", "/1"), true);
                StreamClient.Exchange second = client.open(StreamClient.head("POST", "/2"), false);
                awaitHeld(2);
                assertThat(client.get("/3").status()).isEqualTo(503);

                first.reset();
                awaitHeld(1);
                put(Routing.to(instance.target("shop-1")));

                assertThat(second.send("abc", true).answer().body()).isEqualTo("ok");
                assertThat(instance.requests)
                        .singleElement()
                        .extracting(RawClient.Message::body)
                        .isEqualTo("abc");
            }
        }
    }

    // --- the world

    private void put(Routing routing) {
        traffic.switchTo(routing, 1);
    }

    private RawClient client() throws IOException {
        return new RawClient(door.address());
    }

    private void use(AtomicInteger oldestAllowed, AtomicBoolean over, AtomicLong answers, Queue<String> failures) {
        try (RawClient client = client()) {
            for (int i = 0; !over.get(); i++) {
                int oldest = oldestAllowed.get();
                client.send(i % 2 == 0 ? GET : "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 3\r\n\r\nabc");
                RawClient.Message answer = client.read();
                if (answer.status() != 200 || Integer.parseInt(answer.body()) < oldest) {
                    failures.add(answer + " while " + oldest + " was the oldest");
                    return;
                }
                answers.incrementAndGet();
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    private void awaitHeld(int requests) throws Exception {
        Awaited.that(() -> assertThat(traffic.held()).isEqualTo(requests));
    }

    private static void write(RawClient client, int size, AtomicLong written) {
        try {
            byte[] block = new byte[64 * 1024];
            while (written.get() < size) {
                client.socket.getOutputStream().write(block);
                written.addAndGet(block.length);
            }
        } catch (IOException e) {
            written.set(-1);
        }
    }

    private static void awaitMore(AtomicLong answers, long more, Queue<String> failures) throws Exception {
        long wanted = answers.get() + more;
        Awaited.that(
                () -> assertThat(answers.get() >= wanted || !failures.isEmpty()).isTrue());
    }
}
