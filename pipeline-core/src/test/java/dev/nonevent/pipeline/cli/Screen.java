package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.definition.Scope;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** What a main wrote, and a main that writes it here. */
final class Screen {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    PipelineMain main(Path home, Consumer<Scope> body) {
        return PipelineMain.of(Pipeline.define("shop", body))
                .home(home)
                .environment(Map.of())
                .streams(stream(out), stream(err));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    void clear() {
        out.reset();
        err.reset();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
