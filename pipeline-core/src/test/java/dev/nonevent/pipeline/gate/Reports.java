package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.executor.CommandResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A directory a command ran in, and the reports it left there. */
final class Reports {

    private final Path directory;
    private final Instant started;

    Reports(Path directory) throws IOException {
        this.directory = directory;
        Path probe = Files.createFile(directory.resolve("started"));
        this.started = Files.getLastModifiedTime(probe).toInstant();
        Files.delete(probe);
    }

    Reports with(String name, String text) throws IOException {
        return with(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Reports with(String name, byte[] bytes) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        return this;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    Instant started() {
        return started;
    }

    CommandResult exited(int code) {
        return new CommandResult(
                List.of("mvn", "test"), code, directory, started, Duration.ofSeconds(1), List.of("BUILD", "the end"));
    }
}
