package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.Router;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.executor.ProcessTree;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Callers of the daemon that are slow, or speak another language. */
@Timeout(60)
class ControlServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path root;

    private Path home;
    private Traffic traffic;

    @BeforeEach
    void open() throws Exception {
        home = root.resolve("router");
        traffic = Router.router(0).open("shop", home);
    }

    @AfterEach
    void leaveNoDaemon() {
        assertThat(ProcessTree.stopMarked(DaemonProcess.marker(home), Duration.ZERO))
                .isEmpty();
    }

    @Test
    void silentCallersKeepNobodyFromSwitching() throws Exception {
        TimeSource time = TimeSource.system();
        List<SocketChannel> slow = new ArrayList<>();
        try (RawInstance instance = RawInstance.answering("hello")) {
            for (int i = 0; i < 40; i++) {
                SocketChannel caller = line();
                caller.write(ByteBuffer.wrap(new byte[] {'{'}));
                slow.add(caller);
            }
            long began = time.nanos();

            traffic.switchTo(instance.target("shop-1"), 1);

            // long before a silent caller is given up
            assertThat(Duration.ofNanos(time.nanos() - began)).isLessThan(Duration.ofSeconds(7));
        } finally {
            for (SocketChannel caller : slow) {
                caller.close();
            }
        }
    }

    @Test
    void anotherVersionIsToldInASentenceWhateverElseItSays() throws Exception {
        assertThat(told("{\"version\":4,\"verb\":\"DANCE\",\"steps\":[1,2]}"))
                .contains("this router speaks version 3 of its control language, not 4");
    }

    @Test
    void unknownVerbIsToldInASentence() throws Exception {
        assertThat(told("{\"version\":3,\"application\":\"shop\",\"verb\":\"DANCE\"}"))
                .contains("cannot be read")
                .contains("DANCE");
    }

    @Test
    void nonsenseIsToldInASentence() throws Exception {
        assertThat(told("nonsense")).contains("a line of the control socket cannot be read");
        assertThat(told("null")).contains("has no version");
    }

    @Test
    void lineThatIsTooLongIsToldInASentence() throws Exception {
        try (SocketChannel caller = line()) {
            ByteBuffer much = ByteBuffer.wrap(new byte[Wire.LONGEST_LINE]);
            while (much.hasRemaining()) {
                caller.write(much);
            }

            try (Wire wire = new Wire(caller)) {
                assertThat(wire.read(PATIENCE)).contains("a line of more than 262144 bytes is not read");
            }
        }
    }

    private String told(String line) throws IOException {
        try (Wire wire = new Wire(line())) {
            wire.write(line, PATIENCE);
            return Control.reply(wire.read(PATIENCE)).sentence();
        }
    }

    private SocketChannel line() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("control.sock")));
    }
}
