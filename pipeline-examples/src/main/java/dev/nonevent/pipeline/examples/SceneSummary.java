package dev.nonevent.pipeline.examples;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a scene saw, in numbers; also written as JSON. */
record SceneSummary(
        List<Push> pushes, Requests requests, long switches, Optional<Rollback> rollback, Map<String, Object> metrics) {

    /** @param reason empty if it was accepted */
    record Push(String name, boolean accepted, String reason, long tookMs, long failedRequests) {}

    /**
     * @param failed as the users saw it
     * @param spared failed by a release, and answered by the one before it, so that no user saw it
     * @param perColour what users were answered, by colour
     */
    record Requests(long total, long failed, long spared, Map<String, Long> perColour) {

        String text() {
            String colours = perColour.entrySet().stream()
                    .map(entry -> "%,d by %s".formatted(entry.getValue(), entry.getKey()))
                    .collect(Collectors.joining(", "));
            return "%,d requests, %,d failed, %,d answered by the release before instead (answered: %s)"
                    .formatted(total, failed, spared, colours);
        }
    }

    /**
     * How the bad release was taken back.
     *
     * @param detectedMs from the first failed request to the decision
     * @param restoredMs from the decision to traffic back on the good release
     */
    record Rollback(double detectedMs, double restoredMs) {

        String text() {
            return "decided %.0f ms after the first failed request, traffic back %.0f ms later"
                    .formatted(detectedMs, restoredMs);
        }
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        JsonMapper.builder()
                .findAndAddModules()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValue(file.toFile(), this);
    }
}
