package dev.nonevent.pipeline.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * One record is one line of JSON: {@code {"n":12,"crc":"0a1b2c3d","entry":{"StageOver":{…}}}}. The checksum continues the
 * one of the record before, so that a record that was lost, moved or edited is found.
 */
final class LineFormat {

    private static final Pattern LINE =
            Pattern.compile("\\{\"n\":([0-9]{1,12}),\"crc\":\"([0-9a-f]{8})\",\"entry\":(\\{.*})}", Pattern.DOTALL);
    private static final JsonMapper JSON = new JsonMapper();

    /** Only classes of this library, whose names and components are the format. */
    private static final Form<JournalEntry> ENTRY = Forms.ofTheLibrary().entries();

    private LineFormat() {}

    /**
     * A record, and the checksum the next one continues.
     *
     * @param text with its line end
     */
    record Line(String text, int crc) {

        byte[] bytes() {
            return text.getBytes(UTF_8);
        }
    }

    /** A record that was read. */
    record Read(JournalEntry entry, int crc) {}

    /** A line is not what it should be; the message is the end of a sentence. */
    static final class BadLineException extends Exception {

        private static final long serialVersionUID = 1L;

        /** Whether the line is whole and only not understood, so that cutting it off would lose a fact. */
        private final boolean whole;

        BadLineException(String what, boolean whole) {
            super(what);
            this.whole = whole;
        }

        boolean whole() {
            return whole;
        }
    }

    /** @param mask what each text passes before it is written */
    static Line written(long number, JournalEntry entry, UnaryOperator<String> mask, int previousCrc) {
        byte[] json;
        try (Pen pen = Pen.masking(mask)) {
            ENTRY.write(entry, pen);
            json = pen.bytes();
        } catch (IOException e) {
            throw new IllegalStateException("a journal entry cannot be written as JSON: " + entry, e);
        }
        int crc = crc(previousCrc, number, json);
        String text = String.format(Locale.ROOT, "{\"n\":%d,\"crc\":\"%08x\",\"entry\":", number, crc)
                + new String(json, UTF_8) + "}\n";
        return new Line(text, crc);
    }

    /** Whether bytes could be a record at all. */
    static boolean hasShape(byte[] line) {
        return LINE.matcher(new String(line, ISO_8859_1)).matches();
    }

    /** A record out of its row, so that its checksum says nothing; empty if it is none that this version knows. */
    static Optional<JournalEntry> glance(byte[] line) {
        Matcher match = LINE.matcher(new String(line, ISO_8859_1));
        try {
            return match.matches()
                    ? Optional.ofNullable(
                            ENTRY.read(JSON.readTree(match.group(3).getBytes(ISO_8859_1))))
                    : Optional.empty();
        } catch (IOException | NotDataException none) {
            return Optional.empty();
        }
    }

    /** @param line without its end */
    static Read read(byte[] line, long expected, int previousCrc) throws BadLineException {
        Matcher match = LINE.matcher(new String(line, ISO_8859_1));
        if (!match.matches()) {
            throw new BadLineException("it is not a journal record", false);
        }
        byte[] json = match.group(3).getBytes(ISO_8859_1);
        long number = Long.parseLong(match.group(1));
        int crc = crc(previousCrc, number, json);
        if (crc != Integer.parseUnsignedInt(match.group(2), 16)) {
            throw new BadLineException("its checksum does not fit it and the records before it", false);
        }
        if (number != expected) {
            throw new BadLineException("it says it is record " + number, true);
        }
        try {
            JournalEntry entry = ENTRY.read(JSON.readTree(json));
            if (entry == null) {
                throw new BadLineException("it is empty", true);
            }
            return new Read(entry, crc);
        } catch (IOException | NotDataException e) {
            throw new BadLineException("it cannot be understood: " + e.getMessage(), true);
        }
    }

    private static int crc(int previous, long number, byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(12).putInt(0, previous).putLong(4, number));
        crc.update(json);
        return (int) crc.getValue();
    }
}
