package dev.nonevent.pipeline.report;

import java.io.Flushable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Where lines are written; flushed after each event, so that a person sees what is. */
class Screen {

    private final Appendable out;
    private final ConsoleHost host;

    Screen(Appendable out) {
        this(out, ConsoleHost.NONE);
    }

    Screen(Appendable out, ConsoleHost host) {
        this.out = out;
        this.host = host;
    }

    /** Nothing but text to whom it is shown. */
    void line(String line) {
        raw(host.inert(line) + "\n");
    }

    void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    /**
     * A stage that ended.
     *
     * @param title how it ended, in a line
     * @param output writes what it printed
     */
    void stage(RunFacts.StageFacts stage, String title, Runnable output) {
        output.run();
        line(title);
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
