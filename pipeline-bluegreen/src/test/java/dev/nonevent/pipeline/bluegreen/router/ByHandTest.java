package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else than we, say systemd, starts the daemon of a home. */
@Timeout(120)
class ByHandTest {

    @TempDir
    Path home;

    @Test
    void killedDaemonIsBroughtBackByWhatItsHomeSays() throws Exception {
        try (RawInstance instance = RawInstance.answering("still here")) {
            Traffic before = Router.router(0).open("shop", home);
            Route route = before.switchTo(instance.target("shop-1"), 5);
            ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO);

            Process daemon = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "@" + home.resolve("router.args"))
                    .redirectOutput(home.resolve("by-hand.out").toFile())
                    .redirectErrorStream(true)
                    .start();
            try {
                Traffic after = awaited(daemon);

                assertThat(after.route()).isEqualTo(route);
                try (RawClient client = new RawClient(after.address())) {
                    assertThat(client.get("/").body()).isEqualTo("still here");
                }
            } finally {
                daemon.destroyForcibly().waitFor();
            }
        }
    }

    private Traffic awaited(Process daemon) throws InterruptedException {
        Optional<Traffic> found = Router.router(0).find("shop", home);
        while (found.isEmpty() && daemon.isAlive()) {
            daemon.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            found = Router.router(0).find("shop", home);
        }
        return found.orElseThrow();
    }
}
