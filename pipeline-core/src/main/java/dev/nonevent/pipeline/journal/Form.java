package dev.nonevent.pipeline.journal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How values of one type are written and read. */
interface Form<T> {

    /** @throws NotDataException if the value cannot be written so that the same one is read back */
    void write(T value, Pen pen) throws IOException;

    /**
     * Nothing is read as null, where nothing is a value.
     *
     * @throws NotDataException if the text does not stand for such a value
     */
    @Nullable
    T read(JsonNode json);
}
