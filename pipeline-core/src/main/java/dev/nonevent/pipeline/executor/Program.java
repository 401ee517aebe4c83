package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the file that a program's name stands for, and says in a sentence why it cannot be started. */
final class Program {

    private static final String USUAL_PLACES = "/usr/local/bin:/usr/bin:/bin";
    private static final Pattern ERROR_NUMBER = Pattern.compile("error[=:] ?(\\d+)");

    private Program() {}

    /** What is looked through for programs where an environment has no PATH of its own. */
    static String path(Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "");
        return path.isBlank() ? USUAL_PLACES.replace(":", File.pathSeparator) : path;
    }

    /**
     * The file that will be executed.
     *
     * @throws InfrastructureException if the system would refuse to start it here
     */
    static Path resolve(String name, Path directory, Map<String, String> environment) {
        if (!Files.isDirectory(directory)) {
            throw new CannotStartException("cannot start " + name + ": the directory " + directory
                    + " does not exist; create it or name another one");
        }
        Path file = name.contains("/")
                ? directory.resolve(name)
                : onPath(name, path(environment))
                        .orElseThrow(() -> new CannotStartException("cannot start " + name
                                + ": there is no such program on the PATH (" + path(environment)
                                + "); install it or pass its full path"));
        check(name, file, directory);
        return file;
    }

    static Optional<Path> onPath(String name, String path) {
        for (String place : path.split(File.pathSeparator, -1)) {
            Path file = Path.of(place.isEmpty() ? "." : place, name);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static void check(String name, Path file, Path directory) {
        if (!Files.exists(file)) {
            throw new CannotStartException("cannot start " + name + ": there is no such file (seen from " + directory
                    + "); build it first or correct the path");
        }
        if (Files.isDirectory(file) || !Files.isExecutable(file)) {
            throw new CannotStartException("cannot start " + name + ": " + file.normalize()
                    + " is not an executable file; chmod +x it or start it through its interpreter");
        }
        interpreter(file).filter(needed -> !Files.isExecutable(needed)).ifPresent(needed -> {
            throw new CannotStartException("cannot start " + name + ": its first line asks for the interpreter "
                    + needed + ", which is not here; install it or change the line");
        });
    }

    /** What the {@code #!} line of a script names. */
    private static Optional<Path> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(256);
            if (start.length < 3 || start[0] != '#' || start[1] != '!') {
                return Optional.empty();
            }
            String line = new String(start, 2, start.length - 2, StandardCharsets.UTF_8);
            String word = line.lines().findFirst().orElse("").strip().split("\\s+", 2)[0];
            return word.startsWith("/") ? Optional.of(Path.of(word)) : Optional.empty();
        } catch (IOException e) {
            // Executable but not readable: that is allowed, and then it is no script.
            return Optional.empty();
        }
    }

    /** The sentence for what the system answered when it was asked to start the program. */
    static InfrastructureException refused(String name, IOException e) {
        Matcher number = ERROR_NUMBER.matcher(String.valueOf(e.getMessage()));
        String why = switch (number.find() ? number.group(1) : "") {
            case "7" -> "its arguments and environment are longer than this system allows;" + " pass them in a file";
            case "11" ->
                "this machine allows no more processes now; raise the process limit" + " or run fewer things at once";
            case "12" -> "this machine has no memory left for it; run fewer things at once";
            case "24" -> "this program has too many files open; raise the limit (ulimit -n)";
            default -> e.getMessage() + "; see whether it starts by hand";
        };
        return new InfrastructureException("cannot start " + name + ": " + why, e);
    }
}
