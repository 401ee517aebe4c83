package dev.nonevent.pipeline.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the runs of one pipeline ended: {@code home/history/<pipeline>.jsonl}, one line each, only ever appended to and
 * forced to disk. Two processes may append at once: a line is one write.
 */
final class History {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int TAIL = 64 * 1024;

    private final Path directory;
    private final Path file;

    /** @param outcome the word of the outcome */
    record Entry(String run, String outcome, Instant started, Duration took, Optional<String> commit) {}

    History(Path home, String pipeline) {
        this.directory = home.resolve("history");
        this.file = directory.resolve(pipeline + ".jsonl");
    }

    /**
     * Whether the last run that came to an end of its own was good; true if there was none. A run that was stopped says
     * nothing about the code, and a line that a crash cut short says nothing at all.
     */
    boolean wasGood() throws IOException {
        List<String> lines = tail().lines().toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            Optional<String> outcome = outcome(lines.get(i)).filter(word -> !word.equals("ABORTED"));
            if (outcome.isPresent()) {
                return outcome.get().equals("passed");
            }
        }
        return true;
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
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("run", entry.run());
            json.writeStringField("outcome", entry.outcome());
            json.writeStringField("started", entry.started().toString());
            json.writeNumberField("tookMs", entry.took().toMillis());
            if (entry.commit().isPresent()) {
                json.writeStringField("commit", entry.commit().get());
            }
            json.writeEndObject();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Optional<String> outcome(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            Optional<String> outcome = Optional.empty();
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_STRING && "outcome".equals(json.currentName())) {
                    outcome = Optional.of(json.getText());
                }
            }
            return outcome;
        } catch (IOException torn) {
            return Optional.empty();
        }
    }
}
