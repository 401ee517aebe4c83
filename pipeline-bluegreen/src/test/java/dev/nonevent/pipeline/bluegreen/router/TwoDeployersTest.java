package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two deployers want the same router, each set up in another way, at the same moment. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class TwoDeployersTest {

    private static final List<String> NETWORKS = List.of("10.1.0.0/16", "10.2.0.0/16");

    @TempDir
    Path root;

    private Path home;

    @BeforeEach
    void name() {
        home = root.resolve("router");
    }

    @AfterEach
    void leaveNoDaemon() {
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void oneRouterIsLeftAndNoUserWasRefused() throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 1);
            List<String> failures = new CopyOnWriteArrayList<>();
            CompletableFuture<Void> over = new CompletableFuture<>();
            Thread users = new Thread(() -> ask(before.address(), over, failures));
            users.start();
            CyclicBarrier atOnce = new CyclicBarrier(NETWORKS.size());

            List<CompletableFuture<Traffic>> opened = NETWORKS.stream()
                    .map(network -> CompletableFuture.supplyAsync(
                            () -> open(network, atOnce), task -> new Thread(task).start()))
                    .toList();
            for (CompletableFuture<Traffic> traffic : opened) {
                assertThat(traffic.get(90, TimeUnit.SECONDS).route()).isEqualTo(route);
            }
            awaitOneProcess();
            over.complete(null);
            users.join();

            assertThat(failures).isEmpty();
            assertThat(before.address()).isEqualTo(opened.get(0).get().address());
            // what a restart would bring back is one of the two, whole
            String settings = Files.readString(home.resolve("settings.json"));
            assertThat(NETWORKS.stream().filter(settings::contains)).hasSize(1);
            assertThat(before.switchTo(instance.target("shop-2"), 2).fence()).isEqualTo(2);
        }
    }

    // --- the world

    private Traffic open(String trusted, CyclicBarrier atOnce) {
        try {
            atOnce.await(60, TimeUnit.SECONDS);
            return Router.router(0).trusting(trusted).open("shop", home);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ask(URI address, CompletableFuture<Void> over, List<String> failures) {
        while (!over.isDone()) {
            try (RawClient client = new RawClient(address)) {
                String body = client.get("/").body();
                if (!body.equals("hello")) {
                    failures.add(body);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
        }
    }

    /** Those that were replaced have ended. */
    private void awaitOneProcess() throws Exception {
        Awaited.that(() ->
                assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).hasSize(1));
    }
}
