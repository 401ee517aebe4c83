package dev.nonevent.pipeline.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** What the server says during a push, line by line as git shows it: {@code remote: …}. */
final class RemoteLines extends OutputStream {

    private final Writer terminal;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    RemoteLines(Writer terminal) {
        this.terminal = terminal;
    }

    @Override
    public void write(int next) throws IOException {
        if (next != '\n' && next != '\r') {
            line.write(next);
            return;
        }
        flushLine();
    }

    @Override
    public void close() throws IOException {
        flushLine();
    }

    private void flushLine() throws IOException {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        line.reset();
        if (!text.isEmpty()) {
            terminal.write("     remote: " + text + System.lineSeparator());
            terminal.flush();
        }
    }
}
