package dev.nonevent.pipeline.report;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The end of a stage's log: as many whole lines as have room, however large the file is.
 *
 * @param whole whether there is nothing before them
 */
record LogTail(List<String> lines, boolean whole) {

    private static final int LONGEST_LINE = 2_000;

    /** @throws IOException if the log cannot be read */
    static LogTail of(Path log, int mostBytes, int mostLines) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long length = file.length();
            int taken = (int) Math.min(length, mostBytes);
            byte[] end = new byte[taken];
            file.seek(length - taken);
            file.readFully(end);
            String text = new String(end, StandardCharsets.UTF_8);
            boolean cut = taken < length;
            List<String> all = (cut ? fromItsFirstLine(text) : text).lines().toList();
            int skipped = Math.max(0, all.size() - mostLines);
            return new LogTail(all.subList(skipped, all.size()), !cut && skipped == 0);
        }
    }

    /** What was cut may begin in the middle of a line, and of a character; the end of one long line is better than nothing. */
    private static String fromItsFirstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 || end == text.length() - 1 ? "… " + text : text.substring(end + 1);
    }

    /** A line that is not too long for a page. */
    static String start(String line) {
        return start(line, LONGEST_LINE);
    }

    static String start(String line, int most) {
        if (line.length() <= most) {
            return line;
        }
        int end = Character.isHighSurrogate(line.charAt(most - 1)) ? most - 1 : most;
        return line.substring(0, end) + "… and " + (line.length() - end) + " more characters";
    }
}
