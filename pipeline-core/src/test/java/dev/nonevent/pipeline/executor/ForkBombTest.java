package dev.nonevent.pipeline.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that want to fill the machine with themselves. Nothing of them outlives their command. */
@Timeout(60)
class ForkBombTest {

    private static final List<Path> CONTROLLERS = List.of(Path.of("/sys/fs/cgroup/pids"), Path.of("/sys/fs/cgroup"));

    @TempDir
    Path directory;

    private final Path group = CONTROLLERS.stream()
            .filter(Files::isWritable)
            .filter(each -> Files.exists(each.resolve("cgroup.procs")))
            .findFirst()
            .orElse(CONTROLLERS.get(0))
            .resolve("pipeline-test-" + UUID.randomUUID());

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(ProcessTree.withMarker(LocalExecutor.marker())).isEmpty();
        Files.deleteIfExists(group);
    }

    @Test
    void aForkBombThatHasFilledItsLimitIsStoppedToTheLastProcess() throws IOException {
        assumeTrue(limited(64), "processes can be limited here: as root, where " + CONTROLLERS + " may be written");
        Command bomb = Command.of(
                directory, "bash", "-c", "echo $$ > " + group + "/cgroup.procs; b() { b | b & }; b; exec sleep 600");

        // It is stopped when the system has refused it the first process.
        assertThatThrownBy(() -> impatient().run(bomb, bytes -> {
                    if (new String(bytes, StandardCharsets.UTF_8).contains("fork")) {
                        Thread.currentThread().interrupt();
                    }
                }))
                .isInstanceOf(InterruptedException.class)
                .hasMessageNotContaining("still alive");

        assertThat(Files.readString(group.resolve("pids.events"))).matches("max [1-9]\\d*\\s+");
        assertThat(Files.readString(group.resolve("cgroup.procs"))).isEmpty();
    }

    @Test
    void whatForksTwoOfItselfIntoSessionsOfTheirOwnWhenItIsToldToEndIsStopped() throws Exception {
        // Five generations at most, so that it also ends where nothing limits it.
        Path script = Files.writeString(directory.resolve("hydra"), """
                n=$1
                fork() { setsid sh hydra $((n+1)) & setsid sh hydra $((n+1)) & echo forked >> heads; }
                trap '[ $n -lt 5 ] && fork; exit 0' TERM
                echo ready
                while :; do sleep 0.02; done
                """);
        Command hydra = Command.of(directory, "sh", script.toString(), "1");

        assertThatThrownBy(() -> LocalExecutor.local()
                        .run(hydra, bytes -> Thread.currentThread().interrupt()))
                .isInstanceOf(InterruptedException.class)
                .hasMessageNotContaining("still alive");

        assertThat(directory.resolve("heads")).exists();
    }

    @Test
    void theCommandsOfThisJvmAreEndedByTheirCommonMarker() throws Exception {
        Thread waiting = new Thread(() -> {
            try {
                LocalExecutor.local()
                        .run(
                                Command.of(
                                        directory,
                                        "sh",
                                        "-c",
                                        "trap '' TERM; setsid sleep 600 & touch up; while :; do sleep 1; done"),
                                bytes -> {});
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!Files.exists(directory.resolve("up"))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
        ProcessTree other = ProcessTree.start(
                List.of("sleep", "600"),
                directory,
                Map.of("PATH", System.getenv("PATH")),
                directory.resolve("log"),
                "of-somebody-else/" + UUID.randomUUID());
        try {
            assertThat(ProcessTree.stopMarked(LocalExecutor.marker(), Duration.ZERO))
                    .isEmpty();

            waiting.join();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.stop(Duration.ZERO);
        }
    }

    private static LocalExecutor impatient() {
        return new LocalExecutor(TimeSource.system(), System.getenv(), Duration.ofMillis(300), 1 << 30);
    }

    private boolean limited(int processes) {
        try {
            Files.createDirectory(group);
            Files.writeString(group.resolve("pids.max"), String.valueOf(processes));
            try (Stream<Path> files = Files.list(group)) {
                return files.anyMatch(file -> file.endsWith("pids.events"));
            }
        } catch (IOException notHere) {
            return false;
        }
    }
}
