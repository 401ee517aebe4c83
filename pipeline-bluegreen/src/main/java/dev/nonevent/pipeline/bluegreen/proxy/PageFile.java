package dev.nonevent.pipeline.bluegreen.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.io.IOException;
import java.nio.file.Path;

/** Where the counts are kept: in the application's home. */
final class PageFile {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .build();

    private final StateFile file;

    PageFile(Path path) {
        this.file = new StateFile(path);
    }

    Page read() {
        try {
            String text = file.read().orElse("");
            return text.isEmpty() ? Page.empty() : JSON.readValue(text, Page.class);
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    "the counts in " + file.path() + " cannot be read (" + e.getMessage()
                            + "): remove the file, and they begin anew",
                    e);
        }
    }

    void write(Page page) {
        try {
            file.write(JSON.writeValueAsString(page) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page is written as JSON", e);
        }
    }
}
