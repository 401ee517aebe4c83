package dev.nonevent.pipeline.report;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Where lines are written; flushed after each event, so that a person sees what is. */
final class Screen {

    private final Appendable out;

    Screen(Appendable out) {
        this.out = out;
    }

    void line(String line) {
        raw(line + "\n");
    }

    void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    void raw(String text) {
        try {
            out.append(text);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    void flush() {
        try {
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
