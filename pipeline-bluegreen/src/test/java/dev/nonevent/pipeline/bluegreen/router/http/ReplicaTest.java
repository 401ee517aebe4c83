package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A release of several replicas: who gets a request, and what becomes of it when one of them is gone. */
@Timeout(120)
class ReplicaTest {

    private static final String POST = "POST / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nhi";

    @TempDir
    Path home;

    private final List<RawInstance> instances = new ArrayList<>();
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        traffic = Router.inThisJvm(0).open("shop", home);
    }

    @AfterEach
    void shutDown() throws Exception {
        traffic.shutDown(Long.MAX_VALUE);
        for (RawInstance each : instances) {
            each.close();
        }
    }

    @Test
    void manyUsersAtOnceAreSpreadOverThree() throws Exception {
        switchTo(answering("one"), answering("two"), answering("three"));

        everybody(6, 100, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");

        assertThat(answers).containsOnlyKeys("200 one", "200 two", "200 three");
        assertThat(answers)
                .allSatisfy((answer, times) -> assertThat(times.get()).isBetween(120, 282));
        assertThat(counts().failed()).isZero();
    }

    @Test
    void oneThatRefusesIsPassedOverAlsoByWhatMustNotBeSentTwice() throws Exception {
        switchTo(nobody(), answering("two"), answering("three"));

        everybody(4, 50, POST);

        assertThat(answers).containsOnlyKeys("200 two", "200 three");
        assertThat(counts().failed()).isZero();
    }

    @Test
    void oneThatEndsUnderLoadFailsNoRequestThatMayBeSentAgain() throws Exception {
        RawInstance ending = instance("one");
        switchTo(ending.target("shop-1").address(), answering("two"), answering("three"));
        CountDownLatch began = new CountDownLatch(40);
        ExecutorService killer = Executors.newSingleThreadExecutor();
        try {
            Future<?> killed = killer.submit(() -> {
                began.await(30, TimeUnit.SECONDS);
                ending.close();
                return null;
            });

            everybody(6, 100, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n", began::countDown);

            killed.get(30, TimeUnit.SECONDS);
        } finally {
            killer.shutdownNow();
        }
        assertThat(answers.keySet()).allMatch(answer -> answer.startsWith("200 "));
        assertThat(answers).containsKeys("200 two", "200 three");
        assertThat(counts().failed()).isZero();
        assertThat(counts().requests()).isEqualTo(600);
    }

    @Test
    void whatMustNotBeSentTwiceAndReachedOneIsNotSentToAnother() throws Exception {
        RawInstance silent = started(new RawInstance(line -> line.read()));
        RawInstance other = instance("two");
        switchTo(silent.target("shop-1").address(), other.target("shop-1").address());

        List<Integer> told = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (RawClient client = new RawClient(traffic.address())) {
                told.add(client.send(POST).read().status());
            }
        }

        assertThat(told).containsExactlyInAnyOrder(502, 200);
        assertThat(silent.requests).hasSize(1);
        assertThat(other.requests).hasSize(1);
        assertThat(counts().failed()).isEqualTo(1);
    }

    @Test
    void requestThatEndsWhoeverReadsItIsSentToTwoOfThem() throws Exception {
        for (int i = 0; i < 5; i++) {
            started(new RawInstance(line -> line.read()));
        }
        switchTo(instances.stream().map(each -> each.target("shop-1").address()).toArray(URI[]::new));

        try (RawClient client = new RawClient(traffic.address())) {
            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("it closed the connection");
        }
        assertThat(instances.stream().mapToInt(each -> each.requests.size()).sum())
                .isEqualTo(2);
    }

    @Test
    void whenAllRefuseTheUserIsToldSoAtOnce() throws Exception {
        switchTo(nobody(), nobody(), nobody());

        try (RawClient client = new RawClient(traffic.address())) {
            for (int i = 0; i < 3; i++) {
                RawClient.Message answer = client.get("/");

                assertThat(answer.status()).isEqualTo(502);
                assertThat(answer.body()).contains("the instance takes no connection: refused");
            }
        }
        assertThat(counts().failed()).isEqualTo(3);
    }

    @Test
    void oneThatComesBackIsUsedAgain() throws Exception {
        URI gone = nobody();
        switchTo(gone, answering("two"));
        everybody(1, 4, POST);
        assertThat(answers).containsOnlyKeys("200 two");

        started(RawInstance.answering(gone.getPort(), "one"));

        Awaited.that(() -> {
            everybody(1, 2, "GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(answers).containsKey("200 one");
        });
        assertThat(counts().failed()).isZero();
    }

    @Test
    void whoIsBusyGetsFewer() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        RawInstance.Script slow = line -> {
            while (true) {
                if (line.read().firstLine().contains("/slow")) {
                    arrived.countDown();
                    await(go);
                }
                line.answer("of " + line.socket.getLocalPort());
            }
        };
        switchTo(
                started(new RawInstance(slow)).target("shop-1").address(),
                started(new RawInstance(slow)).target("shop-1").address());
        try (RawClient waiting = new RawClient(traffic.address())) {
            waiting.send("GET /slow HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();

            everybody(1, 20, POST);

            go.countDown();
            String busy = "200 " + waiting.read().body();
            assertThat(answers).hasSize(1).doesNotContainKey(busy);
        }
    }

    private void everybody(int users, int each, String request) throws Exception {
        everybody(users, each, request, () -> {});
    }

    /** Each on a connection of its own, one request after the other. */
    private void everybody(int users, int each, String request, Runnable answered) throws Exception {
        ExecutorService crowd = Executors.newFixedThreadPool(users);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int user = 0; user < users; user++) {
                work.add(() -> {
                    try (RawClient client = new RawClient(traffic.address())) {
                        for (int i = 0; i < each; i++) {
                            RawClient.Message answer = client.send(request).read();
                            answers.computeIfAbsent(answer.status() + " " + answer.body(), key -> new AtomicInteger())
                                    .incrementAndGet();
                            answered.run();
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : crowd.invokeAll(work)) {
                done.get();
            }
        } finally {
            crowd.shutdownNow();
        }
    }

    private void switchTo(URI... addresses) {
        List<URI> all = List.of(addresses);
        traffic.switchTo(new Target(Colour.BLUE, "shop-1", all.get(0), all.subList(1, all.size())), 1);
    }

    private Counts counts() throws Exception {
        return Awaited.value(() -> {
            Counts counts = traffic.counts().get(0);
            assertThat(counts.inFlight()).isZero();
            return counts;
        });
    }

    private URI answering(String body) throws IOException {
        return instance(body).target("shop-1").address();
    }

    private RawInstance instance(String body) throws IOException {
        return started(RawInstance.answering(body));
    }

    private RawInstance started(RawInstance instance) {
        instances.add(instance);
        return instance;
    }

    private static URI nobody() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
    }

    private static void await(CountDownLatch go) throws IOException {
        try {
            if (!go.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
