package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A scene as a person runs it: in a JVM of its own, with its screen in a file. */
record SceneProcess(Process process, Path directory) {

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    /** @param directory to run in */
    static SceneProcess start(Class<?> scene, Path directory, Map<String, String> environment, String... options)
            throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(
                java.toString(), "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", CLASS_PATH, scene.getName());
        builder.command().addAll(List.of(options));
        builder.environment().putAll(environment);
        Process process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen.txt").toFile())
                .start();
        return new SceneProcess(process, directory);
    }

    String screen() throws IOException {
        return Files.readString(directory.resolve("screen.txt"));
    }

    /** Returns when the screen shows it. */
    void awaitOnScreen(String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!screen().contains(text)) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as(() -> "waiting for \"" + text + "\" on the screen of " + process.info())
                    .isTrue();
            Thread.sleep(20);
        }
    }

    /** @return its exit code */
    int end() throws Exception {
        boolean ended = process.waitFor(150, TimeUnit.SECONDS);
        assertThat(ended).as(screen()).isTrue();
        return process.exitValue();
    }

    /** @param name of the scene's directory below {@code target} */
    JsonNode summary(String name) throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(directory.resolve("target/" + name + "/summary.json").toFile());
    }

    /** Processes that have the directory in their command line. */
    List<String> processesLeft() {
        return ProcessHandle.allProcesses()
                .map(each -> each.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }
}
