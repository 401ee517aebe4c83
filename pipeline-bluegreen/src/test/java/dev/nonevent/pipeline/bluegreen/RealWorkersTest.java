package dev.nonevent.pipeline.bluegreen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.artifact.Artifact;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.worker.WorkerSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes are told whether it is their turn. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class RealWorkersTest {

    @TempDir
    Path home;

    private RealShop shop;

    @BeforeEach
    void open() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            shop = new RealShop(home, socket.getLocalPort(), Duration.ofMillis(500), line -> {});
        }
    }

    @AfterEach
    void close() throws Exception {
        shop.blueGreen().down(shop.context());
    }

    @Test
    void byFileEachFindsItsStateInTheDirectoryItWasStartedIn() throws Exception {
        deploy("v1", WorkerSignal.file(Duration.ZERO));

        deploy("v2", WorkerSignal.file(Duration.ZERO));

        assertThat(instance("shop-1").resolve("worker-state")).hasContent("STANDBY\n");
        assertThat(instance("shop-2").resolve("worker-state")).hasContent("ACTIVE\n");
        List<Path> places = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(TinyService.class.getName()))
                .map(process -> Path.of("/proc/" + process.pid() + "/cwd"))
                .map(RealWorkersTest::real)
                .filter(place -> place.startsWith(real(home)))
                .toList();
        assertThat(places).containsExactlyInAnyOrder(real(instance("shop-1")), real(instance("shop-2")));
    }

    @Test
    void byHttpEachIsToldAndTheOldOneFirst() throws Exception {
        deploy("v1", WorkerSignal.http("/worker"));

        deploy("v2", WorkerSignal.http("/worker"));

        assertThat(Files.readString(instance("shop-1").resolve("output.log")).lines())
                .containsSubsequence("worker STANDBY", "worker ACTIVE", "worker DRAINING", "worker STANDBY");
        assertThat(Files.readString(instance("shop-2").resolve("output.log")).lines())
                .containsSubsequence("worker STANDBY", "worker ACTIVE");
    }

    private void deploy(String release, WorkerSignal signal) throws Exception {
        Path file = Files.createDirectories(home.resolve("build")).resolve("release.txt");
        Files.writeString(file, release);
        Artifact artifact = FileArtifactStore.in(home.resolve("artifacts")).keep(file);
        shop.blueGreen()
                .whenInconclusive(WhenInconclusive.PROCEED)
                .signal(signal)
                .deploy(artifact, shop.context());
    }

    private Path instance(String deployment) {
        return home.resolve("instances/shop").resolve(deployment);
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
