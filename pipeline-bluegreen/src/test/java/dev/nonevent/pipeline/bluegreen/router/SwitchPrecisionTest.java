package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From the moment that a switch returns, no request that begins reaches the old side: not one, however it comes. Users ask
 * without a pause; each answer to a request that began and ended between two switches is from the side of that time.
 */
@Timeout(60)
class SwitchPrecisionTest {

    private static final int USERS = 4;
    private static final int SWITCHES = 40;
    private static final int EACH_TIME = 3;

    @TempDir
    static Path made;

    private static TestCertificate certificate;

    @TempDir
    Path home;

    private RawInstance blue;
    private RawInstance green;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.in(made);
    }

    @BeforeEach
    void open() throws Exception {
        blue = RawInstance.answering("0");
        green = RawInstance.answering("1");
    }

    @AfterEach
    void close() throws Exception {
        blue.close();
        green.close();
    }

    /** Answers of requests that are begun when it is called. */
    private interface User extends AutoCloseable {
        List<String> ask() throws Exception;
    }

    private interface Arrival {
        User at(URI address) throws Exception;
    }

    @Test
    void connectionsThatAreKeptAlive() throws Exception {
        prove(
                Router.inThisJvm(0),
                address -> user(
                        new RawClient(address),
                        client -> List.of(client.get("/").body())));
    }

    @Test
    void connectionsOfOneRequest() throws Exception {
        prove(
                Router.inThisJvm(0),
                address -> user(() -> {}, nothing -> {
                    try (RawClient client = new RawClient(address)) {
                        return List.of(client.get("/").body());
                    }
                }));
    }

    @Test
    void requestsThatArePipelined() throws Exception {
        String get = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n";
        prove(
                Router.inThisJvm(0),
                address -> user(new RawClient(address), client -> {
                    client.send(get.repeat(3));
                    return List.of(
                            client.read().body(),
                            client.read().body(),
                            client.read().body());
                }));
    }

    @Test
    void streamsOfOneConnection() throws Exception {
        prove(
                Router.inThisJvm(0),
                address -> user(new StreamClient(address), client -> {
                    var first = client.open(StreamClient.head("GET", "/"), true);
                    var second = client.open(StreamClient.head("GET", "/"), true);
                    return List.of(first.answer().body(), second.answer().body());
                }));
    }

    @Test
    void connectionsOverTls() throws Exception {
        overTls(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void streamsOverTls() throws Exception {
        overTls(HttpClient.Version.HTTP_2);
    }

    @Test
    void routerInItsOwnProcess() throws Exception {
        prove(
                Router.router(0),
                address -> user(
                        new RawClient(address),
                        client -> List.of(client.get("/").body())));
    }

    @Test
    void usersWhoAreKeptOnASideByACookie() throws Exception {
        Traffic traffic = Router.inThisJvm(0).open("shop", home);
        try (RawInstance canary = RawInstance.answering("canary")) {
            for (int i = 0; i < SWITCHES; i++) {
                traffic.switchTo(
                        Routing.to(blue.target("blue-" + i))
                                .canary(Canary.of(canary.target("canary-" + i), 50)
                                        .stickyBy("side")),
                        1);
                try (RawClient client = new RawClient(traffic.address())) {
                    RawClient.Message first = client.get("/");
                    while (!first.body().equals("canary")) {
                        first = client.get("/");
                    }
                    String cookie = first.headers().get("set-cookie").split(";", 2)[0];
                    String get = "GET / HTTP/1.1\r\nHost: shop\r\nCookie: " + cookie + "\r\n\r\n";
                    assertThat(client.send(get).read().body()).isEqualTo("canary");

                    traffic.switchTo(Routing.to(green.target("green-" + i)), 1);

                    assertThat(client.send(get).read().body()).isEqualTo("1");
                }
            }
        } finally {
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    // --- the proof

    private void overTls(HttpClient.Version version) throws Exception {
        prove(Router.inThisJvm(0).tls(certificate.chain, certificate.key), address -> {
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(certificate.trust())
                    .version(version)
                    .build();
            HttpRequest get = HttpRequest.newBuilder(address).build();
            return user(() -> {}, nothing -> {
                HttpResponse<String> answer = client.send(get, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(version);
                return List.of(answer.body());
            });
        });
    }

    private void prove(Router router, Arrival arrival) throws Exception {
        Traffic traffic = router.open("shop", home);
        // even: the number of switches, twice; odd: one is under way
        AtomicInteger era = new AtomicInteger();
        AtomicLong judged = new AtomicLong();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> users = new ArrayList<>();
        try {
            traffic.switchTo(blue.target("shop-0"), 1);
            for (int i = 0; i < USERS; i++) {
                users.add(new Thread(() -> visit(arrival, traffic.address(), era, judged, wrong)));
            }
            users.forEach(Thread::start);

            for (int n = 1; n <= SWITCHES && wrong.isEmpty(); n++) {
                awaitMore(judged, wrong);
                era.incrementAndGet();
                traffic.switchTo((n % 2 == 0 ? blue : green).target("shop-" + n), 1);
                era.incrementAndGet();
            }
            awaitMore(judged, wrong);
        } finally {
            era.set(-1);
            for (Thread user : users) {
                user.join();
            }
            traffic.shutDown(Long.MAX_VALUE);
        }
        assertThat(wrong).isEmpty();
        assertThat(judged.get()).isGreaterThanOrEqualTo((long) SWITCHES * EACH_TIME);
    }

    private static void visit(Arrival arrival, URI address, AtomicInteger era, AtomicLong judged, Queue<String> wrong) {
        try (User user = arrival.at(address)) {
            for (int before = era.get(); before >= 0; before = era.get()) {
                List<String> answers = user.ask();
                if (before % 2 == 0 && era.get() == before) {
                    int switches = before / 2;
                    answers.stream()
                            .filter(answer -> !answer.equals(String.valueOf(switches % 2)))
                            .forEach(answer -> wrong.add("after switch " + switches + " answered " + answer));
                    judged.incrementAndGet();
                }
            }
        } catch (Exception e) {
            wrong.add(e.toString());
        }
    }

    /** Some requests begin and end before the next switch. */
    private static void awaitMore(AtomicLong judged, Queue<String> wrong) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long wanted = judged.get() + EACH_TIME;
        while (judged.get() < wanted && wrong.isEmpty()) {
            assertThat(never.await(1, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private interface Asking<T> {
        List<String> of(T client) throws Exception;
    }

    private static <T extends AutoCloseable> User user(T client, Asking<T> asking) {
        return new User() {
            @Override
            public List<String> ask() throws Exception {
                return asking.of(client);
            }

            @Override
            public void close() throws Exception {
                client.close();
            }
        };
    }
}
