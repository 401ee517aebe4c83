package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The home's disk is full, or cannot be written: a real one of 64 KiB, that only root can mount. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class FullHomeTest {

    @TempDir
    Path home;

    private boolean mounted;
    private Switchboard board;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", home.toString()) == 0;
        assumeTrue(mounted, "only root mounts");
        board = new Switchboard(Route.none(), new RouteFile(home, "shop"), TimeSource.system());
        board.switchTo(routing(1), 1);
        board.switchTo(routing(2), 2);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", home.toString())).isZero();
        }
    }

    @Test
    void switchOnAFullDiskFailsInASentenceAndTheRouteStays() throws Exception {
        Route before = board.route();
        Path filler = home.resolve("filler");
        fill(filler);

        assertThatThrownBy(() -> board.switchTo(routing(3), 3))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("traffic stays where it is, also after a restart; make room there");
        assertThat(board.route()).isEqualTo(before);
        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(before);
        assertThat(home.resolve("route.next.json")).doesNotExist();

        Files.delete(filler);
        Route after = board.switchTo(routing(3), 3);
        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(after);
    }

    @Test
    void switchInAHomeThatCannotBeWrittenFailsInASentenceAndTheRouteStays() throws Exception {
        Route before = board.route();
        assertThat(run("mount", "-o", "remount,ro", home.toString())).isZero();

        assertThatThrownBy(() -> board.switchTo(routing(3), 3))
                .isInstanceOf(TrafficUnknownException.class)
                .hasMessageContaining("Read-only file system")
                .hasMessageContaining("traffic stays where it is, also after a restart");
        assertThat(board.route()).isEqualTo(before);
        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(before);

        assertThat(run("mount", "-o", "remount,rw", home.toString())).isZero();
        Route after = board.switchTo(routing(3), 3);
        assertThat(new RouteFile(home, "shop").restore()).isEqualTo(after);
    }

    private static void fill(Path filler) throws IOException {
        assertThatThrownBy(() -> {
                    byte[] page = new byte[4096];
                    while (true) {
                        Files.write(filler, page, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    }
                })
                .isInstanceOf(IOException.class);
    }

    private static Routing routing(int number) {
        return Routing.to(new Target(Colour.BLUE, "shop-" + number, URI.create("http://127.0.0.1:" + (9000 + number))));
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
