package dev.nonevent.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The question and the answer of one stage of one run: {@code runs/<run>/approvals/<stage>.asked.json} and
 * {@code ….answer.json}. Whoever reads one reads all of it, and an answer that was given survives a crash. Streams and no
 * channels: an interrupt of the thread must not cut anything short.
 */
record ApprovalFiles(Path directory, String slug) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_BYTES = 64 * 1024;
    static final String ASKED = ".asked.json";

    Path asked() {
        return directory.resolve(slug + ASKED);
    }

    Path answered() {
        return directory.resolve(slug + ".answer.json");
    }

    boolean isAnswered() {
        return Files.exists(answered());
    }

    void ask(Approvals.Asked question) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("run", question.run())
                .put("stage", question.stage())
                .put("by", question.by())
                .put("digest", question.digest());
        ArrayNode what = json.putArray("what");
        question.what().forEach(what::add);
        json.put("since", question.since().toString());
        Files.move(written(json), asked(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    /** @throws java.nio.file.FileAlreadyExistsException if somebody was first */
    void answer(Approvals.Answer answer) throws IOException {
        ObjectNode json = JSON.createObjectNode()
                .put("run", answer.run())
                .put("stage", answer.stage())
                .put("digest", answer.digest())
                .put("approved", answer.approved())
                .put("who", answer.who())
                .put("comment", answer.comment())
                .put("at", answer.at().toString());
        Path whole = written(json);
        try {
            // A move would take the place of an answer that was given at the same moment; a link never does.
            Files.createLink(answered(), whole);
        } finally {
            Files.deleteIfExists(whole);
        }
        forceDirectory();
    }

    /** The question; empty if none is open, or the file is none. */
    Optional<Approvals.Asked> question() throws IOException {
        Optional<JsonNode> json = read(asked());
        if (json.isEmpty()) {
            return Optional.empty();
        }
        JsonNode asked = json.get();
        List<String> what = new ArrayList<>();
        asked.path("what").forEach(line -> what.add(line.asText()));
        return instant(asked.path("since"))
                .map(since -> new Approvals.Asked(
                        asked.path("run").asText(),
                        asked.path("stage").asText(),
                        asked.path("by").asText(),
                        asked.path("digest").asText(),
                        what,
                        since));
    }

    /** The answer; empty if there is none, or what is there is none. */
    Optional<Approvals.Answer> answer() throws IOException {
        return read(answered())
                .filter(json -> json.path("approved").isBoolean())
                .flatMap(json -> instant(json.path("at"))
                        .map(at -> new Approvals.Answer(
                                json.path("run").asText(),
                                json.path("stage").asText(),
                                json.path("digest").asText(),
                                json.path("approved").asBoolean(),
                                json.path("who").asText(),
                                json.path("comment").asText(),
                                at)));
    }

    /** An answer that does not count stays to be read, and out of the way. */
    Path setAside(String when) throws IOException {
        Path aside = directory.resolve(slug + ".aside-" + when + ".json");
        Files.move(answered(), aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return aside;
    }

    void close() throws IOException {
        Files.deleteIfExists(asked());
    }

    private Path written(ObjectNode json) throws IOException {
        RunFolder.makeDirectories(directory);
        Path fresh = Files.createTempFile(directory, slug + ".", ".next");
        try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
            out.getFD().sync();
        }
        return fresh;
    }

    private void forceDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Optional<JsonNode> read(Path file) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            return bytes.length > MOST_BYTES
                    ? Optional.empty()
                    : Optional.of(JSON.readTree(new String(bytes, StandardCharsets.UTF_8)));
        } catch (FileNotFoundException | JsonProcessingException none) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> instant(JsonNode text) {
        try {
            return Optional.of(Instant.parse(text.asText()));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
