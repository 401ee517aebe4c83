package dev.nonevent.pipeline.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.docker.contract.EngineInventory;
import dev.nonevent.pipeline.docker.contract.NeedsPrivateEngine;
import dev.nonevent.pipeline.docker.contract.PrivateEngine;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine dies in the middle and comes back: nothing is taken for the command's own failure, and nothing is left. */
@NeedsPrivateEngine
@Timeout(180)
class DyingEngineIT {

    private static PrivateEngine engine;
    private static String image;

    @TempDir
    Path temporary;

    private final CountDownLatch begun = new CountDownLatch(1);
    private Path workspace;
    private List<String> before;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivateEngine.start();
        image = engine.busybox();
    }

    @AfterAll
    static void stopEngine() throws Exception {
        if (engine != null) {
            engine.close();
        }
    }

    @BeforeEach
    void look() throws Exception {
        workspace = Files.createDirectory(temporary.resolve("workspace"));
        before = inventory();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(inventory()).isEqualTo(before);
    }

    @Test
    void aStepWhoseEngineIsKilledAndComesBackIsBrokenAndNotFailed() throws Exception {
        FutureTask<CommandResult> step = begin(() -> step("echo begun; sleep 300"));

        engine.kill();
        engine.startAgain();

        assertThatThrownBy(() -> step.get(90, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .hasMessageMatching("(?s).*(Docker engine|container).*");
    }

    @Test
    void aStepWhoseEngineIsAskedToEndIsBrokenAndNotFailed() throws Exception {
        FutureTask<CommandResult> step = begin(() -> step("echo begun; sleep 300"));

        engine.stop();
        engine.startAgain();

        assertThatThrownBy(() -> step.get(90, TimeUnit.SECONDS)).cause().isInstanceOf(InfrastructureException.class);
    }

    @Test
    void aBuildWhoseEngineIsKilledIsBrokenAndLeavesNoContainer() throws Exception {
        Path context = Files.createDirectory(temporary.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + image + "\nRUN echo begun; sleep 300\n");
        FutureTask<Image> build = begin(() -> DockerImage.dockerImage("nonevent-test/dying")
                .contextDirectory(context)
                .engine(engine.address())
                .build(new LoggingStage(List.of()) {
                    @Override
                    public void log(String line) {
                        if (line.equals("begun")) {
                            begun.countDown();
                        }
                    }
                }));

        engine.kill();
        engine.startAgain();

        assertThatThrownBy(() -> build.get(90, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InfrastructureException.class)
                .isNotInstanceOf(ImageBuildFailedException.class)
                .hasMessageContaining("building nonevent-test/dying:latest");
    }

    @Test
    void aPullWhoseEngineIsKilledIsBroken() throws Exception {
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CountDownLatch over = new CountDownLatch(1);
        registry.createContext("/v2/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/v2/")) {
                exchange.sendResponseHeaders(200, -1);
            } else {
                begun.countDown();
                awaitQuietly(over);
            }
            exchange.close();
        });
        registry.setExecutor(task -> daemon(task));
        registry.start();
        String slow = "localhost:" + registry.getAddress().getPort() + "/slow:1";
        try {
            FutureTask<CommandResult> pull = begin(() -> DockerExecutor.container(slow)
                    .engine(engine.address())
                    .run(Command.of(workspace, "true"), bytes -> {}));

            engine.kill();
            engine.startAgain();

            assertThatThrownBy(() -> pull.get(90, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("pulling " + slow);
        } finally {
            over.countDown();
            registry.stop(0);
        }
    }

    private CommandResult step(String script) throws InterruptedException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        return DockerExecutor.container(image)
                .network("none")
                .grace(Duration.ofSeconds(1))
                .engine(engine.address())
                .run(Command.of(workspace, "sh", "-c", script), bytes -> {
                    printed.writeBytes(bytes);
                    if (printed.toString(StandardCharsets.UTF_8).contains("begun\n")) {
                        begun.countDown();
                    }
                });
    }

    private <T> FutureTask<T> begin(Callable<T> work) throws InterruptedException {
        FutureTask<T> running = new FutureTask<>(work);
        daemon(running);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        return running;
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "dying engine");
        thread.setDaemon(true);
        thread.start();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> inventory() {
        try (Engine connection = engine.connect()) {
            return EngineInventory.of(connection);
        }
    }
}
