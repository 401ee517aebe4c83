package dev.nonevent.pipeline.run;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Makes lines of bytes as they come. A line longer than the limit is handed out in pieces, cut between characters;
 * nothing is lost and nothing grows.
 *
 * <p>Lines end with LF or CR LF. A LF byte is never part of another UTF-8 character, so whole lines decode by themselves.
 */
final class LineSplitter {

    /** The longest line, in bytes. */
    static final int LIMIT = 64 * 1024;

    private final Consumer<String> lines;
    private byte[] rest = new byte[256];
    private int length;

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    void write(byte[] bytes) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line(bytes, from, i);
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length);
    }

    /** Hands out what has no line end. */
    void end() {
        if (length > 0) {
            emit(rest, 0, length);
            length = 0;
        }
    }

    private void line(byte[] bytes, int from, int to) {
        if (length == 0 && to - from <= LIMIT) {
            emit(bytes, from, to);
            return;
        }
        keep(bytes, from, to);
        emit(rest, 0, length);
        length = 0;
    }

    private void keep(byte[] bytes, int from, int to) {
        int start = from;
        while (to - start > LIMIT - length) {
            int room = LIMIT - length;
            append(bytes, start, start + room);
            start += room;
            flushPiece();
        }
        append(bytes, start, to);
    }

    /** Hands out a full piece; the bytes of a character that is cut stay for the next one. */
    private void flushPiece() {
        int cut = length;
        while (cut > length - 4 && (rest[cut - 1] & 0xC0) == 0x80) {
            cut--;
        }
        boolean leads = (rest[cut - 1] & 0xC0) == 0xC0;
        int end = leads ? cut - 1 : length;
        emit(rest, 0, end);
        System.arraycopy(rest, end, rest, 0, length - end);
        length -= end;
    }

    private void append(byte[] bytes, int from, int to) {
        int more = to - from;
        if (length + more > rest.length) {
            rest = Arrays.copyOf(rest, Math.min(LIMIT, Math.max(length + more, rest.length * 2)));
        }
        System.arraycopy(bytes, from, rest, length, more);
        length += more;
    }

    private void emit(byte[] bytes, int from, int to) {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        lines.accept(new String(bytes, from, end - from, StandardCharsets.UTF_8));
    }
}
