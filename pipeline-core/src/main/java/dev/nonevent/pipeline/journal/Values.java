package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The values of stages as text and back: text, numbers, truth, enums, paths, times, URIs, optionals, lists, sets, maps, and
 * records of all of these. What is read back equals what was written, or it is not kept.
 *
 * <p>Reading calls the canonical constructors of records that the loader knows, and nothing else. Safe for use by several
 * threads.
 */
public final class Values {

    private static final JsonMapper JSON = new JsonMapper();

    private final Forms forms;
    private final UnaryOperator<String> mask;

    private Values(Forms forms, UnaryOperator<String> mask) {
        this.forms = forms;
        this.mask = mask;
    }

    /**
     * @param loader of the code that makes the values
     * @param mask changes a text that holds a secret; such a value is not kept
     */
    public static Values of(ClassLoader loader, UnaryOperator<String> mask) {
        return new Values(Forms.of(loader), mask);
    }

    /** The text of a value, or why there is none. */
    public Kept keep(Object value) {
        try (Pen pen = Pen.refusing(mask)) {
            forms.open().write(value, pen);
            String json = new String(pen.bytes(), StandardCharsets.US_ASCII);
            Object back = forms.open().read(JSON.readTree(json));
            return value.equals(back)
                    ? new Kept.Value(new DataText(json))
                    : new Kept.Not("it is not equal to what is read back");
        } catch (NotDataException not) {
            return new Kept.Not(String.valueOf(not.getMessage()));
        } catch (IOException | RuntimeException broken) {
            return new Kept.Not("it cannot be written: " + broken);
        }
    }

    /**
     * What a text stands for.
     *
     * @param value empty if it stands for nothing any more
     * @param whyNot then why, as the end of a sentence
     */
    public record Restored(Optional<Object> value, String whyNot) {}

    public Restored restore(Kept.Value kept) {
        try {
            Object value = forms.open().read(JSON.readTree(kept.data().json()));
            return new Restored(Optional.ofNullable(value), value == null ? "it is nothing" : "");
        } catch (NotDataException | JsonProcessingException not) {
            return new Restored(Optional.empty(), String.valueOf(not.getMessage()));
        }
    }
}
