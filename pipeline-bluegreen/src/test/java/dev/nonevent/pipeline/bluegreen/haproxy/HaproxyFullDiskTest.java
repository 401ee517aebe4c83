package dev.nonevent.pipeline.bluegreen.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.bluegreen.proxy.NeedsProxy;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The map, the lock and the counts on a real disk that is really full, where this user may mount one. */
@NeedsProxy("haproxy")
@Timeout(60)
class HaproxyFullDiskTest {

    @TempDir
    Path elsewhere;

    private Path disk;
    private UsersHaproxy haproxy;
    private Traffic traffic;
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(elsewhere.resolve("shop"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()),
                "SKIPPED: this user may not mount a small disk");
        opened.add(() -> assertThat(succeeds("umount", disk.toString())).isTrue());
        haproxy = new UsersHaproxy(elsewhere);
        opened.add(0, haproxy);
        traffic = haproxy.switcher().open("shop", disk.resolve("home"));
    }

    @AfterEach
    void unmount() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void theWayBackHasRoomOnAFullDisk() throws Exception {
        Target first = instance("shop-1");
        traffic.switchTo(first, 1);
        traffic.switchTo(instance("shop-2"), 1);
        fill();

        traffic.switchTo(first, 1);

        assertThat(get()).isEqualTo("shop-1");
        assertThat(traffic.route().active()).contains(first);
        haproxy.kill();
        haproxy.start();
        assertThat(get()).isEqualTo("shop-1");
    }

    @Test
    void whatFindsNoRoomChangesNothing() throws Exception {
        Route route = traffic.switchTo(instance("shop-1"), 1);
        Files.delete(haproxy.map.resolveSibling("route.map.room"));
        fill();

        assertThatThrownBy(() -> traffic.switchTo(instance("shop-2"), 1))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("needs room there");

        assertThat(get()).isEqualTo("shop-1");
        assertThat(traffic.route()).isEqualTo(route);
    }

    private void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(disk.resolve("filler"))) {
            byte[] piece = new byte[1024];
            for (int i = 0; i < 1024; i++) {
                out.write(piece);
            }
            throw new AssertionError("a disk of 256 KiB took a megabyte");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean succeeds(String... argv) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private Target instance(String deployment) throws IOException {
        RawInstance instance = RawInstance.answering(deployment);
        opened.add(0, instance);
        return instance.target(deployment);
    }

    private String get() throws IOException {
        try (RawClient client = new RawClient(haproxy.address)) {
            return client.get("/").body();
        }
    }
}
