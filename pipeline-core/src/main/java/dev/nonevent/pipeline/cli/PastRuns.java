package dev.nonevent.pipeline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.report.Durations;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How earlier runs ended, from the lines that runs append to the history under the home. */
final class PastRuns {

    private static final int TAIL = 1024 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    PastRuns(Path home, String pipeline) {
        this.file = home.resolve("history").resolve(pipeline + ".jsonl");
    }

    /** One line for people each, the newest last. What a crash cut short is left out. */
    List<String> last(int count) {
        List<String> all =
                tail().lines().map(PastRuns::row).flatMap(Optional::stream).toList();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    private static Optional<String> row(String line) {
        try {
            JsonNode run = JSON.readTree(line);
            if (!run.path("run").isTextual() || !run.path("outcome").isTextual()) {
                return Optional.empty();
            }
            String commit = run.path("commit").asText("");
            return Optional.of(String.format(
                            Locale.ROOT,
                            "%s  %-7s  %7s  %s",
                            run.path("run").asText(),
                            run.path("outcome").asText(),
                            Durations.text(Duration.ofMillis(run.path("tookMs").asLong())),
                            commit.substring(0, Math.min(7, commit.length())))
                    .stripTrailing());
        } catch (JsonProcessingException torn) {
            return Optional.empty();
        }
    }

    private String tail() {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile history = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.min(TAIL, history.length())];
            history.seek(history.length() - bytes.length);
            history.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new InfrastructureException(
                    "the history " + file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
