package dev.nonevent.pipeline.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How a command ended, and where its evidence lies.
 *
 * @param exitCode 0 to 255
 * @param directory where it ran: report files are looked for here, on this machine's file system
 * @param startedAt reports older than this are not evidence of this command
 * @param lastLines the end of its output, at most 50 lines
 */
public record CommandResult(
        List<String> argv, int exitCode, Path directory, Instant startedAt, Duration took, List<String> lastLines) {

    public CommandResult {
        argv = List.copyOf(argv);
        lastLines = List.copyOf(lastLines);
    }

    public boolean succeeded() {
        return exitCode == 0;
    }

    public String line() {
        return String.join(" ", argv);
    }
}
