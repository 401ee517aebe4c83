package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The QuickStart as a person runs it: a JVM of its own, real pushes, real traffic. */
@Timeout(180)
final class QuickStartIT {

    @TempDir
    Path directory;

    @Test
    void tellsTheWholeStoryAndLeavesNothingRunning() throws Exception {
        SceneProcess quickStart = start();

        int exitCode = quickStart.end();

        assertThat(exitCode).as(quickStart.screen()).isZero();
        JsonNode summary = quickStart.summary("quickstart");
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
        assertThat(quickStart.processesLeft()).isEmpty();
    }

    @Test
    void anOptionItDoesNotKnowIsRefusedInASentence() throws Exception {
        SceneProcess quickStart = start("--kepe");

        assertThat(quickStart.end()).isEqualTo(64);
        assertThat(quickStart.screen()).contains("--kepe is not understood");
    }

    private SceneProcess start(String... options) throws Exception {
        return SceneProcess.start(QuickStart.class, directory, Map.of(), options);
    }
}
