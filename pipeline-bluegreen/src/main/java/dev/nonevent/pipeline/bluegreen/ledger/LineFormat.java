package dev.nonevent.pipeline.bluegreen.ledger;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One record per line: {@code P1 <sequence> <crc> <length> <json>}. The checksum covers the one before it, so a record that
 * was lost, moved or edited is noticed at the next.
 */
final class LineFormat {

    private static final Pattern LINE =
            Pattern.compile("P(\\d{1,4}) (\\d{8,18}) ([0-9a-f]{8}) (\\d{1,9}) (.*)", Pattern.DOTALL);

    private static final Map<String, Class<?>> KINDS =
            records(LedgerEntry.class).collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));

    /** As it is with a target, of which the same is said where it is declared. */
    interface Sparing {
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<URI> alsoAt();
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addMixIn(Instance.class, Sparing.class)
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What records were not written with at first; absent means empty. */
    private static final Map<String, List<String>> ADDED = Map.of("Begun", List.of("irreversible"));

    private LineFormat() {}

    /** A line that is read, and the checksum the next one continues. */
    record Read(LedgerLine line, int crc) {}

    /** A line is not what it should be; the message is the end of a sentence. */
    static final class BadLineException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether the line is whole and only too new, so that cutting it off would lose a fact. */
        private final boolean whole;

        BadLineException(String what, boolean whole) {
            super(what);
            this.whole = whole;
        }

        boolean whole() {
            return whole;
        }
    }

    static Read written(long sequence, long fence, Instant at, LedgerEntry entry, int previousCrc) {
        LedgerLine line = new LedgerLine(sequence, fence, at, entry);
        return new Read(line, crc(previousCrc, sequence(sequence), json(line)));
    }

    static byte[] bytes(Read written) {
        byte[] json = json(written.line());
        String head = String.format(
                Locale.ROOT, "P1 %s %08x %d ", sequence(written.line().sequence()), written.crc(), json.length);
        return ByteBuffer.allocate(head.length() + json.length + 1)
                .put(head.getBytes(US_ASCII))
                .put(json)
                .put((byte) '\n')
                .array();
    }

    /** @param bytes without the line end */
    static Read read(byte[] bytes, long expectedSequence, int previousCrc) throws BadLineException {
        Matcher match = LINE.matcher(new String(bytes, ISO_8859_1));
        if (!match.matches()) {
            throw new BadLineException("it is not a ledger record", false);
        }
        byte[] json = match.group(5).getBytes(ISO_8859_1);
        if (json.length != Integer.parseInt(match.group(4))) {
            throw new BadLineException("it has " + json.length + " bytes instead of " + match.group(4), false);
        }
        int crc = crc(previousCrc, match.group(2), json);
        if (crc != Integer.parseUnsignedInt(match.group(3), 16)) {
            throw new BadLineException("its checksum does not fit it and the records before it", false);
        }
        if (!match.group(1).equals("1")) {
            throw new BadLineException("it has format " + match.group(1) + ", and this version knows format 1", true);
        }
        if (Long.parseLong(match.group(2)) != expectedSequence) {
            throw new BadLineException("it says it is record " + Long.parseLong(match.group(2)), true);
        }
        return new Read(line(expectedSequence, json), crc);
    }

    private static LedgerLine line(long sequence, byte[] bytes) throws BadLineException {
        try {
            JsonNode json = JSON.readTree(bytes);
            String name = json.path("kind").asText();
            Class<?> kind = KINDS.get(name);
            if (kind == null) {
                throw new BadLineException("its kind \"" + name + "\" is not known to this version", true);
            }
            if (json.path("data") instanceof ObjectNode data) {
                ADDED.getOrDefault(name, List.of()).stream()
                        .filter(component -> !data.has(component))
                        .forEach(data::putNull);
                places(data).filter(place -> !place.has("alsoAt")).forEach(place -> place.putArray("alsoAt"));
            }
            return new LedgerLine(
                    sequence,
                    json.path("fence").longValue(),
                    Instant.parse(json.path("at").asText()),
                    (LedgerEntry) JSON.treeToValue(json.path("data"), kind));
        } catch (IOException | RuntimeException e) {
            throw new BadLineException("it cannot be understood: " + e.getMessage(), true);
        }
    }

    /** The instances and targets that a record names. */
    private static Stream<ObjectNode> places(ObjectNode data) {
        return data.findParents("address").stream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .filter(place -> place.has("deployment"));
    }

    private static byte[] json(LedgerLine line) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("kind", line.entry().getClass().getSimpleName())
                    .put("fence", line.fence())
                    .put("at", line.at().toString())
                    .set("data", JSON.valueToTree(line.entry())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a ledger entry cannot be written as JSON: " + line.entry(), e);
        }
    }

    private static int crc(int previous, String sequence, byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(0, previous));
        crc.update(sequence.getBytes(US_ASCII));
        crc.update(json);
        return (int) crc.getValue();
    }

    private static String sequence(long sequence) {
        return String.format(Locale.ROOT, "%08d", sequence);
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(LineFormat::records);
    }
}
