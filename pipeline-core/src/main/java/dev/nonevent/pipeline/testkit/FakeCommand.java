package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.executor.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a command does in a test, instead of being carried out: prints, writes files, takes its time, and exits with 0 if
 * nothing else is said. Said before the run; not to be changed while it goes on.
 */
public final class FakeCommand {

    private final String description;
    private final Predicate<Command> matches;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private Duration takes = Duration.ZERO;
    private int exitCode;
    private Optional<String> trouble = Optional.empty();
    private int left = Integer.MAX_VALUE;

    FakeCommand(String description, Predicate<Command> matches) {
        this.description = description;
        this.matches = matches;
    }

    /** @param code 0 to 255 */
    public FakeCommand exits(int code) {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException(description + ": an exit code is from 0 to 255, was " + code);
        }
        exitCode = code;
        return this;
    }

    /** Lines for the log, after those said before. */
    public FakeCommand prints(String... more) {
        lines.addAll(List.of(more));
        return this;
    }

    /** @param file relative to the directory it runs in, and not out of it; directories above it are made */
    public FakeCommand writes(String file, String content) {
        files.put(file, content);
        return this;
    }

    /** How long it takes, in the time of the test. */
    public FakeCommand takes(Duration duration) {
        takes = duration;
        return this;
    }

    /** It is not carried out at all: the infrastructure is in the way, and this is the sentence. */
    public FakeCommand cannotRun(String sentence) {
        trouble = Optional.of(sentence);
        return this;
    }

    /** Answers so many times and no more; then what was said before it counts. */
    public FakeCommand times(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(description + ": it must answer at least once, was " + most);
        }
        left = most;
        return this;
    }

    /** Whether it is the one to answer; if it is, it has answered once more. */
    synchronized boolean takesOn(Command command) {
        boolean mine = left > 0 && matches.test(command);
        if (mine && left < Integer.MAX_VALUE) {
            left--;
        }
        return mine;
    }

    String description() {
        return description;
    }

    Optional<String> trouble() {
        return trouble;
    }

    Duration duration() {
        return takes;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    int exitCode() {
        return exitCode;
    }

    void writeFiles(Path directory) {
        files.forEach((name, content) -> write(directory, name, content));
    }

    private void write(Path directory, String name, String content) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw new IllegalArgumentException(
                    description + ": " + name + " is not below the directory it runs in; name a file below it");
        }
        try {
            Files.createDirectories(file.resolveSibling(".").normalize());
            Files.writeString(file, content);
        } catch (IOException broken) {
            throw new UncheckedIOException(description + ": " + file + " could not be written", broken);
        }
    }
}
