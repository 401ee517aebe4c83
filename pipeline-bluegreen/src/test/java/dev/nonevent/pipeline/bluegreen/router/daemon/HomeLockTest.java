package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HomeLockTest {

    @TempDir
    Path home;

    @Test
    void secondOneOfThisJvmIsRefusedAndTakesNothingFromTheFirst() throws Exception {
        try (HomeLock first = HomeLock.take(home).orElseThrow()) {
            assertThat(HomeLock.take(home)).isEmpty();

            // a channel that was opened and closed on the file would have dropped the lock of the process
            assertThat(elsewhere()).isEqualTo("taken");
            assertThat(first).isNotNull();
        }
        assertThat(elsewhere()).isEqualTo("free");
    }

    @Test
    void homeThatIsNamedInAnotherWayIsTheSameHome() throws Exception {
        Path link = Files.createSymbolicLink(home.resolve("link"), Files.createDirectory(home.resolve("real")));
        try (HomeLock first = HomeLock.take(home.resolve("real")).orElseThrow()) {
            assertThat(HomeLock.take(link)).isEmpty();
            assertThat(first).isNotNull();
        }
    }

    @Test
    void lockThatCouldNotBeTakenCanBeTakenOnceTheHomeIsMended() throws Exception {
        Path inTheWay = Files.createDirectory(home.resolve("router.lock"));
        assertThatThrownBy(() -> HomeLock.take(home))
                .isInstanceOf(InfrastructureException.class)
                .hasMessageContaining("give it a directory on a local file system that this user may write");

        Files.delete(inTheWay);

        try (HomeLock lock = HomeLock.take(home).orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void lockOfAnotherProcessIsFreeOnceThatIsKilled() throws Exception {
        Process other = holder();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("free");
            assertThat(HomeLock.take(home)).isEmpty();

            other.destroyForcibly().waitFor();

            try (HomeLock lock = HomeLock.take(home).orElseThrow()) {
                assertThat(lock).isNotNull();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    private String elsewhere() throws Exception {
        Process other = holder();
        try (BufferedReader said = other.inputReader()) {
            return said.readLine();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private Process holder() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Takes the lock, says whether it got it, and waits to be killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] args) throws Exception {
            var lock = HomeLock.take(Path.of(args[0]));
            System.out.println(lock.isPresent() ? "free" : "taken");
            Thread.currentThread().join();
        }
    }
}
