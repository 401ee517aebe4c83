package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The QuickStart as a person runs it: a JVM of its own, real pushes, real traffic. */
@Timeout(180)
final class QuickStartIT {

    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path directory;

    @Test
    void tellsTheWholeStoryAndLeavesNothingRunning() throws Exception {
        Process quickStart = start();

        boolean ended = quickStart.waitFor(150, TimeUnit.SECONDS);

        String screen = Files.readString(directory.resolve("screen.txt"));
        assertThat(ended).as(screen).isTrue();
        assertThat(quickStart.exitValue()).as(screen).isZero();
        JsonNode summary = JsonMapper.builder()
                .build()
                .readTree(directory.resolve("target/quickstart/summary.json").toFile());
        assertThat(summary.path("pushes").findValuesAsText("name")).containsExactly("v1", "v2", "v3", "v4", "v5");
        assertThat(summary.path("pushes").findValuesAsText("accepted"))
                .containsExactly("true", "true", "false", "false", "false");
        assertThat(summary.path("pushes").findValuesAsText("reason").get(2)).contains("1 of 3 tests failed");
        assertThat(summary.path("pushes").findValuesAsText("reason").get(3)).contains("security scan blocked");
        assertThat(summary.path("pushes").findValuesAsText("failedRequests")).containsOnly("0");
        assertThat(summary.path("pushes").findValuesAsText("reason").get(4)).contains("users saw no failed request");
        assertThat(summary.path("requests").path("spared").asLong()).isPositive();
        assertThat(summary.path("requests").path("perColour").path("blue").asLong()
                        + summary.path("requests")
                                .path("perColour")
                                .path("green")
                                .asLong())
                .as("the router counts exactly what the users saw")
                .isEqualTo(summary.path("requests").path("total").asLong());
        assertThat(summary.path("switches").asInt()).isEqualTo(4);
        assertThat(summary.path("rollback").path("detectedMs").asDouble()).isPositive();
        assertThat(summary.path("rollback").path("restoredMs").asDouble()).isPositive();
        assertThat(processesOfTheScene()).isEmpty();
    }

    @Test
    void anOptionItDoesNotKnowIsRefusedInASentence() throws Exception {
        Process quickStart = start("--kepe");

        assertThat(quickStart.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(quickStart.exitValue()).isEqualTo(64);
        assertThat(Files.readString(directory.resolve("screen.txt"))).contains("--kepe is not understood");
    }

    private Process start(String... options) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(
                java.toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                CLASS_PATH,
                QuickStart.class.getName());
        builder.command().addAll(List.of(options));
        return builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen.txt").toFile())
                .start();
    }

    private List<String> processesOfTheScene() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }
}
