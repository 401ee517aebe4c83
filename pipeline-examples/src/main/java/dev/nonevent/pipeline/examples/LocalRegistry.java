package dev.nonevent.pipeline.examples;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry of images on a port of the loopback address, which keeps them below a directory. It is a process of its own, found
 * again by the directory in its command line.
 *
 * @param address as in the names of its images: {@code 127.0.0.1:…}
 */
record LocalRegistry(String address) {

    private static final String PROGRAM = "docker-registry";
    private static final String SETTINGS = "registry.yml";
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)\\D");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** @throws InfrastructureException if this machine has none */
    static void require() throws InterruptedException {
        try {
            Answer.of(PROGRAM, "--version");
        } catch (IOException missing) {
            throw new InfrastructureException(
                    "there is no " + PROGRAM + " to keep images: install " + PROGRAM, missing);
        }
    }

    /** Returns when it listens. */
    static LocalRegistry start(Path directory) throws IOException, InterruptedException {
        Path settings = Files.writeString(directory.resolve(SETTINGS), """
                version: 0.1
                storage: {filesystem: {rootdirectory: '%s'}}
                http: {addr: "127.0.0.1:0"}
                """.formatted(directory.resolve("images")));
        Path printed = directory.resolve("registry.log");
        Process process = start(settings, printed);
        TimeSource time = TimeSource.system();
        long began = time.nanos();
        while (process.isAlive() && time.nanos() - began < PATIENCE.toNanos()) {
            Matcher listening = LISTENING.matcher(Files.readString(printed));
            if (listening.find()) {
                return new LocalRegistry(listening.group(1));
            }
            time.sleep(Duration.ofMillis(20));
        }
        throw new InfrastructureException(PROGRAM + " does not listen; what it said is in " + printed);
    }

    private static Process start(Path settings, Path printed) throws IOException {
        return new ProcessBuilder(PROGRAM, "serve", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
    }

    /** Whoever started them. */
    static void endAllOf(Path directory) throws InterruptedException {
        String settings = directory.resolve(SETTINGS).toString();
        List<ProcessHandle> ours = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(settings))
                .toList();
        for (ProcessHandle process : ours) {
            process.destroy();
            try {
                process.onExit().get(10, TimeUnit.SECONDS);
            } catch (TimeoutException late) {
                process.destroyForcibly();
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
