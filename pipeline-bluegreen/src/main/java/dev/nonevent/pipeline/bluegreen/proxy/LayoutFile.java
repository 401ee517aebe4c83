package dev.nonevent.pipeline.bluegreen.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file a proxy reads when it starts. Two comments come first: a seal with a checksum of all that follows, and the layout
 * that the rest was made of. So there is one durable truth, and the proxy starts with it.
 */
final class LayoutFile {

    private static final int VERSION = 1;
    private static final String COMMENT = "# ";
    /** Begins a file that was made by hand, for a proxy that cannot start without one. */
    private static final String FRESH = "# nobody is here yet\n";
    /** In bytes; HAProxy takes no longer line. */
    private static final int LONGEST_LINE = 16_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private final StateFile file;
    private final String application;

    LayoutFile(Path path, String application) {
        this.file = new StateFile(path);
        this.application = application;
    }

    Path path() {
        return file.path();
    }

    /** The first line. */
    private record Seal(String nonevent, int version, String application, String sha256) {}

    /**
     * Empty if there is none, or it is as fresh as our pages say how to make one.
     *
     * @throws TrafficUnknownException if it cannot be read, was changed by hand, or belongs to another application
     */
    Optional<Layout> read() {
        String text = text();
        if (text.isBlank() || text.startsWith(FRESH)) {
            return Optional.empty();
        }
        String[] lines = text.split("\n", 3);
        Seal seal = lines.length < 3 ? null : parse(lines[0], Seal.class);
        Layout layout = seal == null ? null : parse(lines[1], Layout.class);
        if (seal == null || layout == null || !seal.sha256().equals(sha256(lines[1] + "\n" + lines[2]))) {
            throw new TrafficUnknownException(file.path() + " is not as it was written last, so nobody knows where"
                    + " traffic is to go: put back a good one, or empty it to begin anew");
        }
        refuseForeign(seal);
        return Optional.of(layout);
    }

    /** As it is now, for {@link #restore}. */
    String text() {
        try {
            return file.read().orElse("");
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    file.path() + " cannot be read (" + e.getMessage() + "): nobody knows where traffic is to go", e);
        }
    }

    void restore(String text) {
        file.writeWithRoom(text);
    }

    /** @param rest what the proxy reads */
    void write(Layout layout, String rest) {
        try {
            String body = COMMENT + JSON.writeValueAsString(layout) + "\n" + rest;
            Seal seal = new Seal("do not edit", VERSION, application, sha256(body));
            if (body.substring(0, body.indexOf('\n')).getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
                throw new IllegalArgumentException("the names and addresses of this routing are too long");
            }
            file.writeWithRoom(COMMENT + JSON.writeValueAsString(seal) + "\n" + body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a layout is written as JSON", e);
        }
    }

    private void refuseForeign(Seal seal) {
        if (seal.version() != VERSION) {
            throw new TrafficUnknownException(file.path() + " has version " + seal.version() + ", and version "
                    + VERSION + " is read here: use the library that wrote it");
        }
        if (!seal.application().equals(application)) {
            throw new TrafficUnknownException(file.path() + " belongs to " + seal.application() + ", not to "
                    + application + ": give each application a file of its own");
        }
    }

    private static <T> @Nullable T parse(String comment, Class<T> type) {
        try {
            return comment.startsWith(COMMENT) ? JSON.readValue(comment.substring(COMMENT.length()), type) : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
