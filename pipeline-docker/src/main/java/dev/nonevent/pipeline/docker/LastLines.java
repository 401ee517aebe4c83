package dev.nonevent.pipeline.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps the end of an output, in bounded memory however long it or one of its lines is. One thread at a time. */
final class LastLines {

    private static final int LINES = 50;
    private static final int LONGEST = 4096;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();

    void write(byte[] bytes) {
        for (byte each : bytes) {
            if (each == '\n') {
                endLine();
            } else if (open.size() < LONGEST) {
                open.write(each);
            }
        }
    }

    List<String> toList() {
        if (open.size() > 0) {
            endLine();
        }
        return new ArrayList<>(lines);
    }

    private void endLine() {
        String line = open.toString(StandardCharsets.UTF_8);
        open.reset();
        lines.addLast(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }
}
