package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * Writes one entry or value as JSON. Every text passes the mask, whatever it is a part of.
 *
 * <p>All but ASCII is escaped: half a pair of surrogates, which some tool may print, has no place in UTF-8.
 */
final class Pen implements Closeable {

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final int DEEPEST = 100;

    /** What a stage hands on is read into memory whole, again and again. */
    private static final long LARGEST_VALUE = 1 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private final JsonGenerator out;
    private final UnaryOperator<String> mask;
    private final boolean mustBeClean;
    private long left;
    private int depth;

    private Pen(UnaryOperator<String> mask, boolean mustBeClean, long room) {
        try {
            this.out = JSON.createGenerator(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written to", e);
        }
        this.mask = mask;
        this.mustBeClean = mustBeClean;
        this.left = room;
    }

    /** Writes masked what holds a secret. */
    static Pen masking(UnaryOperator<String> mask) {
        return new Pen(mask, false, Long.MAX_VALUE);
    }

    /** Refuses what holds a secret, and what is very large. */
    static Pen refusing(UnaryOperator<String> mask) {
        return new Pen(mask, true, LARGEST_VALUE);
    }

    /** For what is made in here; it passes no mask. */
    JsonGenerator raw() {
        return out;
    }

    void text(String text) throws IOException {
        String masked = mask.apply(text);
        if (mustBeClean && !masked.equals(text)) {
            throw new NotDataException("it holds a secret");
        }
        use(text.length());
        out.writeString(masked);
    }

    /** A number as such; it cannot be masked. */
    void number(long number) throws IOException {
        refuseSecret(Long.toString(number));
        use(8);
        out.writeNumber(number);
    }

    private void refuseSecret(String text) {
        if (mustBeClean && !mask.apply(text).equals(text)) {
            throw new NotDataException("it holds a secret");
        }
    }

    /** Something with something in it. */
    void enter() {
        use(2);
        if (++depth > DEEPEST) {
            throw new NotDataException("it is nested deeper than " + DEEPEST);
        }
    }

    boolean isAtTop() {
        return depth == 0;
    }

    void leave() {
        depth--;
    }

    private void use(int length) {
        left -= length;
        if (left < 0) {
            throw new NotDataException(
                    "it is larger than " + (LARGEST_VALUE >> 10) + " KiB; hand on what is large as an artifact");
        }
    }

    byte[] bytes() throws IOException {
        out.flush();
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
