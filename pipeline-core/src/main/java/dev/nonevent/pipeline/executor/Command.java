package dev.nonevent.pipeline.executor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program and its arguments, as they are: no shell reads them.
 *
 * @param argv program first; at least one
 * @param directory where it runs
 * @param environment what it gets besides PATH, HOME, LANG and TZ
 * @param timeout how long it may take; empty: as long as it takes
 * @param secrets names of the variables whose values nobody may see who looks at the place where it runs
 */
public record Command(
        List<String> argv,
        Path directory,
        Map<String, String> environment,
        Optional<Duration> timeout,
        Set<String> secrets) {

    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
        secrets = Set.copyOf(secrets);
        if (!environment.keySet().containsAll(secrets)) {
            throw new IllegalArgumentException("secrets are named that are no variables: " + secrets);
        }
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

    public Command(List<String> argv, Path directory, Map<String, String> environment, Optional<Duration> timeout) {
        this(argv, directory, environment, timeout, Set.of());
    }

    public static Command of(Path directory, String... argv) {
        return new Command(Arrays.asList(argv), directory, Map.of(), Optional.empty());
    }

    public Command env(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Command(argv, directory, more, timeout, secrets);
    }

    /** A variable whose value is shown to nobody; an executor that cannot keep it to itself refuses the command. */
    public Command secretEnv(String name, String value) {
        Set<String> names = new HashSet<>(secrets);
        names.add(name);
        return new Command(argv, directory, env(name, value).environment, timeout, names);
    }

    public Command within(Duration limit) {
        return new Command(argv, directory, environment, Optional.of(limit), secrets);
    }

    /** The words, for people; never fed to a shell. */
    public String line() {
        return String.join(" ", argv);
    }
}
