package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Passes on what is being written to a file, piece by piece and in order. For one thread. */
final class Tail implements AutoCloseable {

    private static final int LAST_LINES = 50;
    private static final int LONGEST_LINE = 2_000;
    private static final int LAST_BYTES = 256 * 1024;

    private final String command;
    private final Path path;
    private final RandomAccessFile file;
    private final CommandOutput output;
    private final long most;
    private final byte[] buffer = new byte[64 * 1024];
    private long passed;
    private boolean toldIdle;

    Tail(String command, Path path, CommandOutput output, long most) {
        this.command = command;
        this.path = path;
        this.output = output;
        this.most = most;
        try {
            this.file = new RandomAccessFile(path.toFile(), "r");
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Passes on the next piece.
     *
     * @return false if there is nothing new
     */
    boolean pass() {
        int length = read(buffer);
        if (length <= 0) {
            return false;
        }
        passed += length;
        if (passed > most) {
            throw new InfrastructureException(command + " printed more than " + (most >> 20)
                    + " MiB and was stopped; let it write to a file of its own");
        }
        toldIdle = false;
        output.write(Arrays.copyOf(buffer, length));
        return true;
    }

    /** Nothing has come for a while. */
    void idle() {
        if (!toldIdle) {
            toldIdle = true;
            output.idle();
        }
    }

    /** Passes on all that there is now. */
    void passAll() {
        while (pass()) {
            // Each call passes one piece.
        }
    }

    /** The end of what was passed on, at most 50 lines; of a progress line that rewrites itself, the last state. */
    List<String> lastLines() {
        long from = Math.max(0, passed - LAST_BYTES);
        byte[] end = new byte[(int) (passed - from)];
        try {
            file.seek(from);
            file.readFully(end);
        } catch (IOException e) {
            throw unreadable(e);
        }
        Deque<String> last = new ArrayDeque<>();
        for (String line : new String(end, StandardCharsets.UTF_8).split("\r?\n", -1)) {
            last.addLast(shortened(line.substring(line.lastIndexOf('\r') + 1)));
            if (last.size() > LAST_LINES + 1) {
                last.removeFirst();
            }
        }
        // What follows the last line break is a line only if there is something.
        if (last.getLast().isEmpty()) {
            last.removeLast();
        } else if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
        return List.copyOf(last);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private int read(byte[] into) {
        try {
            return file.read(into);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private InfrastructureException unreadable(IOException e) {
        return new InfrastructureException(
                "cannot read the output of " + command + " in " + path + ": " + e.getMessage(), e);
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
