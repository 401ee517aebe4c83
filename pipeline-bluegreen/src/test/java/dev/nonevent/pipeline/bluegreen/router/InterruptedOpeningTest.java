package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deployer that is stopped while its router comes up. */
@Timeout(120)
class InterruptedOpeningTest {

    private final ExecutorService deployer = Executors.newSingleThreadExecutor();

    @TempDir
    Path home;

    @AfterEach
    void leaveNoDaemon() {
        deployer.shutdownNow();
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void routerThatComesUpIsFoundByWhoTakesTheApplicationDownNext() throws Exception {
        Future<Boolean> interrupted = deployer.submit(this::openAndTellWhetherInterrupted);
        Awaited.that(() ->
                assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).isNotEmpty());

        deployer.shutdownNow();

        assertThat(interrupted.get()).isTrue();
        Optional<Traffic> found = Router.router(0).find("shop", home);
        assertThat(found).isPresent();
        found.get().shutDown(Long.MAX_VALUE);
        assertThat(ProcessTree.withMarker(DaemonProcess.marker(home))).isEmpty();
    }

    private boolean openAndTellWhetherInterrupted() {
        try {
            Router.router(0).open("shop", home);
            return Thread.currentThread().isInterrupted();
        } catch (InterruptedException e) {
            return true;
        }
    }
}
