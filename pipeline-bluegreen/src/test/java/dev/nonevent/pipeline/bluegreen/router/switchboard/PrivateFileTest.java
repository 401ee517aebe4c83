package dev.nonevent.pipeline.bluegreen.router.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {

    @TempDir
    Path home;

    @Test
    void anInterruptedThreadReplacesAFileAndStaysInterrupted() throws IOException {
        Path file = Files.writeString(home.resolve("port"), "8000\n");

        Thread.currentThread().interrupt();
        PrivateFile.replace(file, "9000\n".getBytes(StandardCharsets.UTF_8));
        boolean interrupted = Thread.interrupted();

        assertThat(file).hasContent("9000\n");
        assertThat(interrupted).as("the caller learns of it").isTrue();
        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).containsExactly(file);
        }
    }
}
