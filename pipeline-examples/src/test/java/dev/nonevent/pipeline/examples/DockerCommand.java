package dev.nonevent.pipeline.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a person would type: {@code docker …}, of the machine's engine or of another one. */
record DockerCommand(List<String> command) {

    static final Path BUSYBOX = Path.of("/bin/busybox");

    static DockerCommand ofTheMachine() {
        return new DockerCommand(List.of("docker"));
    }

    static DockerCommand of(URI engine) {
        return new DockerCommand(List.of("docker", "--host", engine.toString()));
    }

    /** Skips the test, loudly, where nothing could answer; with {@code -Dengine.required=true} it fails instead. */
    void require(Class<?> test) throws InterruptedException {
        boolean engine = Files.isExecutable(BUSYBOX) && answers("info");
        if (!engine && Boolean.getBoolean("engine.required")) {
            throw new IllegalStateException("engine.required is true, but no Docker engine answers");
        }
        if (!engine) {
            System.err.println("SKIPPED without a Docker engine: " + test.getSimpleName());
        }
        assumeTrue(engine, "no Docker engine answers, or there is no static busybox");
    }

    /** @return what it printed */
    String run(String... words) throws IOException, InterruptedException {
        Process process = start(words);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException("docker " + String.join(" ", words) + " exited " + process.exitValue() + ": " + said);
        }
        return said;
    }

    boolean answers(String... words) throws InterruptedException {
        try {
            Process process = start(words);
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private Process start(String... words) throws IOException {
        List<String> argv = new ArrayList<>(command);
        argv.addAll(List.of(words));
        return new ProcessBuilder(argv).redirectErrorStream(true).start();
    }
}
