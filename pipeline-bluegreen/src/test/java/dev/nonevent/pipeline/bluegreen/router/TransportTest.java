package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.daemon.DaemonProcess;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The daemon finds the native library on its own class path, and does without it. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class TransportTest {

    private static final String NO_NATIVE = "io.netty.transport.noNative";

    @TempDir
    Path home;

    @AfterEach
    void leaveNoDaemon() {
        System.clearProperty(NO_NATIVE);
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void linuxWaitsWithEpoll() throws Exception {
        servesOver("epoll");
    }

    @Test
    void withoutTheNativeLibraryTheSelectorDoes() throws Exception {
        System.setProperty(NO_NATIVE, "true");

        servesOver("selector");
    }

    private void servesOver(String transport) throws Exception {
        try (RawInstance instance = RawInstance.answering("hello")) {
            Traffic traffic = Router.router(0).open("shop", home);
            traffic.switchTo(instance.target("shop-1"), 1);

            try (RawClient client = new RawClient(traffic.address())) {
                assertThat(client.get("/").body()).isEqualTo("hello");
            }
            assertThat(home.resolve("router.log")).content().contains("over " + transport + ",");
        }
    }
}
