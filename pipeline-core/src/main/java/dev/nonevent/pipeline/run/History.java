package dev.nonevent.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * How the runs of one pipeline ended: {@code home/history/<pipeline>.jsonl}, one line each, only ever appended to and
 * forced to disk. Two processes may append at once: a line is one write. A line that a crash cut short is passed over.
 */
public final class History {

    private static final JsonMapper JSON = new JsonMapper();
    /** Some thousand runs. */
    private static final int TAIL = 1024 * 1024;

    private final Path directory;
    private final Path file;

    /**
     * How one run ended.
     *
     * @param outcome the word of the outcome
     * @param commit of what was checked out, if the run got that far
     */
    public record Entry(String run, String outcome, Instant started, Duration took, Optional<String> commit) {}

    /** The history of this pipeline under this home; there need not be one yet. */
    public History(Path home, String pipeline) {
        this.directory = home.resolve("history");
        this.file = directory.resolve(pipeline + ".jsonl");
    }

    /** Where it is kept. */
    public Path file() {
        return file;
    }

    /**
     * The last runs, the newest last.
     *
     * @throws IOException if it is there but cannot be read
     */
    public List<Entry> last(int count) throws IOException {
        List<Entry> all = entries();
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    /**
     * Whether the last run that came to an end of its own was good; true if there was none. A run that was stopped says
     * nothing about the code.
     */
    boolean wasGood() throws IOException {
        List<Entry> ended = entries().stream()
                .filter(entry -> !entry.outcome().equals("ABORTED"))
                .toList();
        return ended.isEmpty() || ended.get(ended.size() - 1).outcome().equals("passed");
    }

    void append(Entry entry) throws IOException {
        RunFolder.makeDirectories(directory);
        String line = (endsOpen() ? "\n" : "") + json(entry) + "\n";
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Whether a crash left a line without its end; the next one starts on a line of its own. */
    private boolean endsOpen() throws IOException {
        String tail = tail();
        return !tail.isEmpty() && !tail.endsWith("\n");
    }

    private List<Entry> entries() throws IOException {
        return tail().lines().map(History::entry).flatMap(Optional::stream).toList();
    }

    private String tail() throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, TAIL));
            channel.position(size - bytes.capacity());
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    private static String json(Entry entry) throws IOException {
        ObjectNode run = JSON.createObjectNode()
                .put("run", entry.run())
                .put("outcome", entry.outcome())
                .put("started", entry.started().toString())
                .put("tookMs", entry.took().toMillis());
        entry.commit().ifPresent(commit -> run.put("commit", commit));
        return JSON.writeValueAsString(run);
    }

    private static Optional<Entry> entry(String line) {
        try {
            JsonNode run = JSON.readTree(line);
            if (!run.path("run").isTextual() || !run.path("outcome").isTextual()) {
                return Optional.empty();
            }
            return Optional.of(new Entry(
                    run.path("run").asText(),
                    run.path("outcome").asText(),
                    Instant.parse(run.path("started").asText()),
                    Duration.ofMillis(run.path("tookMs").asLong()),
                    Optional.ofNullable(run.path("commit").textValue())));
        } catch (JsonProcessingException | DateTimeParseException torn) {
            return Optional.empty();
        }
    }
}
