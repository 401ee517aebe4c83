package dev.nonevent.pipeline.docker.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps the end of an output, in bounded memory however long it or one of its lines is; of a line that rewrites
 * itself, the last state. One thread at a time. */
public final class LastLines {

    private static final int LINES = 50;
    private static final int LONGEST = 4096;

    private final Deque<String> lines = new ArrayDeque<>();
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private boolean returned;

    public LastLines() {}

    public void write(byte[] bytes) {
        for (byte each : bytes) {
            boolean rewrites = returned && each != '\n';
            returned = each == '\r';
            if (rewrites) {
                open.reset();
            }
            if (each == '\n') {
                endLine();
            } else if (!returned && open.size() < LONGEST) {
                open.write(each);
            }
        }
    }

    public List<String> toList() {
        if (open.size() > 0) {
            endLine();
        }
        return new ArrayList<>(lines);
    }

    private void endLine() {
        String line = open.toString(StandardCharsets.UTF_8);
        open.reset();
        lines.addLast(line);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }
}
