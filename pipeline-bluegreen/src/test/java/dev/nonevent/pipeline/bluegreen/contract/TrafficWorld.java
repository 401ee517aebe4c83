package dev.nonevent.pipeline.bluegreen.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** Where the contract is tried: real HTTP servers on the loopback, and users who ask. */
abstract class TrafficWorld {

    static final String APPLICATION = "shop";

    @TempDir
    Path home;

    HttpClient users;
    private final List<AutoCloseable> opened = new ArrayList<>();
    TrafficSwitcher switcher;

    /** A switcher that is not open yet, and can be opened on any directory. */
    protected abstract TrafficSwitcher switcher() throws Exception;

    /** Who asks; whoever tries a switcher with TLS names clients that trust it. */
    protected HttpClient users() throws Exception {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** Ended after the switcher was shut down. */
    protected void endAfterwards(AutoCloseable what) {
        opened.add(what);
    }

    @BeforeEach
    void declare() throws Exception {
        switcher = switcher();
        users = users();
    }

    @AfterEach
    void shutEverythingDown() throws Exception {
        Traffic running = switcher.find(APPLICATION, home).orElse(null);
        if (running != null) {
            running.shutDown(Long.MAX_VALUE);
        }
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    Traffic open() throws InterruptedException {
        Traffic traffic = switcher.open(APPLICATION, home);
        opened.add(traffic);
        return traffic;
    }

    static Counts countsOf(Traffic traffic, String deployment) {
        return traffic.counts().stream()
                .filter(counts -> counts.deployment().equals(deployment))
                .findFirst()
                .orElseThrow();
    }

    /** Its counts when so many were counted: an answer may be read a moment before it is counted. Never more of them. */
    static Counts countsOf(Traffic traffic, String deployment, long requests) throws Exception {
        return Awaited.value(() -> {
            Counts counts = countsOf(traffic, deployment);
            assertThat(counts.requests()).isEqualTo(requests);
            return counts;
        });
    }

    Target instance(Colour colour, String deployment) throws IOException {
        return instance(colour, deployment, new CountDownLatch(0), new CountDownLatch(0));
    }

    /** @param page by the address of who is asked */
    Target instance(Colour colour, String deployment, Function<URI, String> page) throws IOException {
        return instance(colour, deployment, new CountDownLatch(0), new CountDownLatch(0), page);
    }

    /** Its {@code /slow} says that it was asked, and waits for a word. */
    Target instance(Colour colour, String deployment, CountDownLatch arrived, CountDownLatch go) throws IOException {
        return instance(colour, deployment, arrived, go, address -> deployment);
    }

    private Target instance(
            Colour colour, String deployment, CountDownLatch arrived, CountDownLatch go, Function<URI, String> page)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/slow")) {
                arrived.countDown();
                await(go);
            }
            byte[] body = page.apply(address).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(path.equals("/broken") ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        opened.add(() -> {
            server.stop(0);
            threads.shutdownNow();
        });
        return new Target(colour, deployment, address);
    }

    static void await(CountDownLatch go) throws IOException {
        try {
            if (!go.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    HttpResponse<String> get(Traffic traffic) throws Exception {
        return get(traffic.address());
    }

    HttpResponse<String> get(URI address) throws Exception {
        return users.send(request(address), HttpResponse.BodyHandlers.ofString());
    }

    /** A POST: this client repeats a GET whose connection ended, and hides that it did. */
    CompletableFuture<HttpResponse<String>> postSlowly(Traffic traffic) {
        HttpRequest request = HttpRequest.newBuilder(traffic.address().resolve("/slow"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString("slow"))
                .build();
        return users.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A status, or {@code refused} if nobody takes the connection. */
    String answer(URI address) throws Exception {
        try {
            return String.valueOf(get(address).statusCode());
        } catch (ConnectException e) {
            return "refused";
        }
    }

    /** What users read, one after the other. */
    List<String> answers(Traffic traffic, int count) throws Exception {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(get(traffic).body());
        }
        return answers;
    }

    /** A status, or {@code cut} if the connection ended instead. */
    static String ended(CompletableFuture<HttpResponse<String>> request) throws Exception {
        try {
            return String.valueOf(request.get(10, TimeUnit.SECONDS).statusCode());
        } catch (ExecutionException e) {
            return e.getCause() instanceof IOException ? "cut" : String.valueOf(e.getCause());
        }
    }

    /** Skips the rest of a test if the switcher cannot do it, and says so. */
    void needs(Capability capability) {
        if (!switcher.capabilities().contains(capability)) {
            String skipped = switcher.description() + " says that it cannot do " + capability;
            System.err.println("SKIPPED: " + skipped);
            throw new TestAbortedException(skipped);
        }
    }

    /** Empty if the switcher cannot count. */
    Optional<Long> inFlight(Traffic traffic, String deployment) {
        return switcher.capabilities().contains(Capability.COUNTS)
                ? Optional.of(countsOf(traffic, deployment).inFlight())
                : Optional.empty();
    }

    static HttpRequest request(URI address) {
        return HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(30)).build();
    }

    interface Task<T> {
        T run() throws Exception;
    }

    static <T> CompletableFuture<T> async(Task<T> task) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                future.complete(task.run());
            } catch (Exception e) {
                future.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return future;
    }
}
