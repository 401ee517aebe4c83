package dev.nonevent.pipeline.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real registry on loopback, which takes only the user {@code ci} with the password {@code right}. */
final class TestRegistry implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)\\D");

    private final Process process;
    private final int port;

    private TestRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Empty if the machine has no registry to start. */
    static Optional<TestRegistry> start(Path directory) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            return Optional.empty();
        }
        Path users = Files.writeString(
                directory.resolve("htpasswd"), "ci:$2b$04$28yxQda3CTMi/6zcq8kLfOpQ668XZdQd9nKLNyJpP12hyZZXFkHEW\n");
        Path settings = Files.writeString(
                directory.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:0"}
                auth: {htpasswd: {realm: test, path: %s}}
                """.formatted(directory.resolve("storage"), users));
        Path printed = directory.resolve("registry.log");
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher listening = LISTENING.matcher(Files.readString(printed));
            if (listening.find()) {
                return Optional.of(new TestRegistry(process, Integer.parseInt(listening.group(1))));
            }
            Thread.sleep(20);
        }
        process.destroyForcibly();
        throw new IOException("the registry does not listen: " + Files.readString(printed));
    }

    String address() {
        return "localhost:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
