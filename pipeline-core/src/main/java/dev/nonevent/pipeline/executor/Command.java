package dev.nonevent.pipeline.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program and its arguments, as they are: no shell reads them.
 *
 * @param argv program first; at least one
 * @param directory where it runs
 * @param environment what it gets besides PATH, HOME, LANG and TZ
 * @param timeout how long it may take; empty: as long as it takes
 */
public record Command(List<String> argv, Path directory, Map<String, String> environment, Optional<Duration> timeout) {

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        if (argv.isEmpty() || argv.get(0).isBlank()) {
            throw new IllegalArgumentException("a command needs a program: pass it as the first argument");
        }
        if (argv.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("command " + argv.get(0) + ": an argument contains a NUL character");
        }
        timeout.ifPresent(limit -> {
            if (limit.isZero() || limit.isNegative()) {
                throw new IllegalArgumentException("a timeout must be positive, was " + limit);
            }
        });
    }

    public static Command of(Path directory, String... argv) {
        return new Command(Arrays.asList(argv), directory, Map.of(), Optional.empty());
    }

    public Command env(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(argv, directory, more, timeout);
    }

    public Command within(Duration limit) {
        return new Command(argv, directory, environment, Optional.of(limit));
    }

    /** The words, for people; never fed to a shell. */
    public String line() {
        return String.join(" ", argv);
    }
}
