package dev.nonevent.pipeline.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HealthCheckTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        server.stop(0);
    }

    @Test
    void anAnswerOfTwoHundredIsHealthy() throws Exception {
        answer(204);

        assertThat(probe().problem()).isEmpty();
    }

    @Test
    void anyOtherAnswerIsNotAndIsNotAskedTwice() throws Exception {
        answer(503);

        assertThat(probe().problem()).contains("answered 503");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        server.createContext("/elsewhere", exchange -> asked.addAndGet(100));
        server.createContext("/health", exchange -> {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });

        assertThat(probe().problem()).contains("answered 302; a health check follows no redirects");
        assertThat(asked).hasValue(0);
    }

    @Test
    void nobodyListeningIsUnhealthy() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(HealthCheck.http("/health")
                        .probe(URI.create("http://127.0.0.1:" + port))
                        .problem())
                .contains("refused the connection");
    }

    @Test
    void oneBadReplicaIsTheAnswerOfAllAndOneGoodIsEnoughForAWayBack() throws Exception {
        HealthCheck check = HealthCheck.by("a word", HealthCheckTest::saying);
        Instance one = replicas("http://good:1", "http://bad:2", "http://good:3");
        Instance none = replicas("http://bad:1", "http://bad:2");

        assertThat(check.probe(one).problem()).contains("at http://bad:2 is bad");
        assertThat(check.probe(replicas("http://good:1", "http://good:2")).problem())
                .isEmpty();
        assertThat(check.probeAny(one).problem()).isEmpty();
        assertThat(check.probeAny(none).problem()).contains("at http://bad:1 is bad");
        assertThat(check.probeAny(new Instance("1", "shop-1", URI.create("http://bad:1")))
                        .problem())
                .contains("is bad");
    }

    private static Health saying(URI address) {
        return address.getHost().equals("good") ? new Health.Healthy() : new Health.Unhealthy("is bad");
    }

    @Test
    void replicasAreAskedAtTheSameTime() throws Exception {
        CountDownLatch all = new CountDownLatch(3);
        HealthCheck check = HealthCheck.by("whether the others are asked", address -> {
            all.countDown();
            return all.await(30, TimeUnit.SECONDS) ? new Health.Healthy() : new Health.Unhealthy("was asked alone");
        });

        assertThat(check.probe(replicas("http://a:1", "http://a:2", "http://a:3"))
                        .problem())
                .isEmpty();
    }

    @Test
    void questionToReplicasThatBreaksIsNoAnswer() {
        HealthCheck check = HealthCheck.by("nothing", address -> {
            throw new IllegalArgumentException("no way to ask");
        });

        assertThatThrownBy(() -> check.probe(replicas("http://a:1", "http://a:2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no way to ask");
    }

    private static Instance replicas(String... addresses) {
        List<URI> all = Stream.of(addresses).map(URI::create).toList();
        return new Instance("1,2", "shop-1", all.get(0), all.subList(1, all.size()));
    }

    @Test
    void anAnswerThatDripsForEverIsNone() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (over.getCount() > 0) {
                    exchange.getResponseBody().write('.');
                    exchange.getResponseBody().flush();
                    over.await(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        long began = System.nanoTime();
        Health health = probe();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        over.countDown();

        assertThat(health.problem()).contains("did not answer within 1000 ms");
        assertThat(took).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void whatCannotWorkIsSaidAtPlanTime() {
        assertThat(HealthCheck.http("health").problems())
                .singleElement()
                .asString()
                .contains("HealthCheck.http(\"/health\")");
        assertThat(HealthCheck.http("/health")
                        .every(Duration.ofSeconds(30))
                        .healthyAfter(3)
                        .problems())
                .singleElement()
                .asString()
                .contains("has only 60000 ms");
        assertThat(HealthCheck.http("/health").healthyAfter(0).problems()).hasSize(1);
        assertThat(HealthCheck.http("/health").every(Duration.ZERO).problems()).hasSize(1);
        assertThat(HealthCheck.http("/health").problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 366L * 24 * 60 * 60, 0, -1, Long.MIN_VALUE})
    void timesThatCannotBeAreSaidAtPlanTime(long seconds) {
        Duration time = Duration.ofSeconds(seconds);

        assertThat(HealthCheck.http("/health").every(time).problems())
                .singleElement()
                .asString()
                .contains(time.toString());
        assertThat(HealthCheck.http("/health").within(time).problems())
                .singleElement()
                .asString()
                .contains(time.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/h\r\nX: y", "/h h", "/h\u0000", "/\u00fc", "h\n"})
    void pathsThatNoAddressHasAreSaidAtPlanTimeAndOnOneLine(String path) {
        HealthCheck check = HealthCheck.http(path);

        assertThat(check.problems())
                .singleElement()
                .asString()
                .contains("that no address has")
                .doesNotContain("\n");
        assertThat(check.description()).doesNotContain("\n", "\r");
    }

    private void answer(int status) {
        server.createContext("/health", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    private Health probe() throws InterruptedException {
        return HealthCheck.http("/health")
                .probe(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }
}
