package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a router sees of the one that it wants to take over from. */
@Timeout(30)
@EnabledOnOs(OS.LINUX)
class PredecessorTest {

    @TempDir
    Path home;

    private ServerSocketChannel running;

    @BeforeEach
    void listen() throws IOException {
        ControlPath path = new ControlPath(home);
        ControlPath.Prepared prepared = path.prepare();
        path.publish(prepared);
        running = prepared.listener();
    }

    @AfterEach
    void close() throws IOException {
        running.close();
    }

    @Test
    void oneThatEndedBeforeItWasAskedHasGivenWayToSomebodyQuicker() throws Exception {
        try (Predecessor former = Predecessor.of(home, "shop").orElseThrow()) {
            running.accept().close();

            assertThatThrownBy(former::handOver).isInstanceOf(HomeTakenException.class);
        }
    }

    @Test
    void oneThatEndsInsteadOfAnAnswerHasToo() throws Exception {
        Thread router = new Thread(this::hearAndHangUp);
        router.start();
        try (Predecessor former = Predecessor.of(home, "shop").orElseThrow()) {

            assertThatThrownBy(former::handOver).isInstanceOf(HomeTakenException.class);
        }
        router.join();
    }

    @Test
    void nobodyIsThereOnceItsSocketIsClosed() throws Exception {
        running.close();

        assertThat(Predecessor.of(home, "shop")).isEmpty();
    }

    private void hearAndHangUp() {
        try (SocketChannel caller = running.accept()) {
            new Wire(caller).read(Duration.ofSeconds(10));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
