package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry in a bad moment, and one that knows what it says. */
@NeedsEngine
@Timeout(120)
class PullIT {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CountDownLatch failedOnce = new CountDownLatch(1);

    @TempDir
    Path temporary;

    private HttpServer registry;
    private PlainDoor door;
    private Path workspace;

    @BeforeEach
    void start() throws IOException {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.start();
        door = new PlainDoor(registry.getAddress());
    }

    @AfterEach
    void stop() throws IOException {
        door.close();
        registry.stop(0);
    }

    @Test
    void aRegistryInABadMomentIsAskedAgainAndThenGivenUp() {
        answer(503, "");

        assertThatThrownBy(this::pull)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageStartingWith("image " + image() + " is not there and cannot be pulled (")
                .hasMessageContaining("503 Service Unavailable");

        assertThat(printed()).containsPattern("(?s)^pulling .*(, trying again\npulling .*){3}$");
    }

    @Test
    void aRegistryThatDoesNotHaveTheImageIsAskedOnce() {
        answer(404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}");

        assertThatThrownBy(this::pull)
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("manifest unknown");

        assertThat(printed()).isEqualTo("pulling " + image() + "\n");
    }

    @Test
    void anInterruptEndsTheAttempts() throws Exception {
        answer(503, "");
        FutureTask<Object> pulling = new FutureTask<>(() -> {
            pull();
            return true;
        });
        Thread thread = new Thread(pulling);
        thread.start();
        assertThat(failedOnce.await(60, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();

        assertThatThrownBy(() -> pulling.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    private void pull() throws InterruptedException {
        DockerExecutor.container(image()).run(Command.of(workspace, "true"), bytes -> {
            printed.writeBytes(bytes);
            if (printed().contains("trying again")) {
                failedOnce.countDown();
            }
        });
    }

    private void answer(int manifests, String body) {
        registry.createContext("/v2/", exchange -> {
            boolean manifest = exchange.getRequestURI().getPath().contains("/manifests/");
            byte[] words = (manifest ? body : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            boolean silent = words.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(manifest ? manifests : 200, silent ? -1 : words.length);
            if (!silent) {
                exchange.getResponseBody().write(words);
            }
            exchange.close();
        });
    }

    private String image() {
        return "localhost:" + door.port() + "/nonevent/missing:1";
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
