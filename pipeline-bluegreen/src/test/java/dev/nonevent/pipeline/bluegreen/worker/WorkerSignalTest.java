package dev.nonevent.pipeline.bluegreen.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a worker gets to read, and what counts as an answer. */
@Timeout(60)
class WorkerSignalTest {

    @TempDir
    Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private final CountDownLatch free = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
                if (exchange.getRequestURI().getPath().equals("/slow")) {
                    free.await();
                }
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                exchange.sendResponseHeaders(status.get(), -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        free.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void byHttpTheStateIsPutToThePrivateAddress() throws Exception {
        WorkerSignal.http("/worker").way().tell(worker(Optional.empty()), WorkerState.DRAINING);

        assertThat(asked).containsExactly("PUT /worker DRAINING");
    }

    @Test
    void byHttpAnyOtherAnswerThanAGoodOneIsNone() {
        for (int other : List.of(302, 404, 500)) {
            status.set(other);

            assertThatThrownBy(
                            () -> WorkerSignal.http("/worker").way().tell(worker(Optional.empty()), WorkerState.ACTIVE))
                    .hasMessage("it answered " + other);
        }
        assertThat(asked).containsOnly("PUT /worker ACTIVE").hasSize(3);
    }

    @Test
    void byHttpAnAnswerThatDoesNotComeInTimeIsNone() {
        WorkerCallback way =
                WorkerSignal.http("/slow").within(Duration.ofMillis(300)).way();

        assertThatThrownBy(() -> way.tell(worker(Optional.empty()), WorkerState.ACTIVE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void byFileTheStateIsReplacedAsAWholeAndReadByItsOwnerAlone() throws Exception {
        WorkerCallback way = WorkerSignal.file().way();
        way.tell(worker(Optional.of(directory)), WorkerState.STANDBY);

        way.tell(worker(Optional.of(directory)), WorkerState.ACTIVE);

        Path file = directory.resolve("worker-state");
        assertThat(file).hasContent("ACTIVE\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory).isDirectoryContaining(file::equals);
        assertThat(directory.toFile().list()).containsExactly("worker-state");
    }

    @Test
    void byFileAHostWithoutADirectoryForAnInstanceIsAnError() {
        assertThatThrownBy(() -> WorkerSignal.file().way().tell(worker(Optional.empty()), WorkerState.STANDBY))
                .hasMessageStartingWith("it runs on a host that has no directory for it");
    }

    private Worker worker(Optional<Path> place) {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Worker("shop", new Instance("1@7", "shop-1", address), place);
    }
}
