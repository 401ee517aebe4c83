package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.journal.LineFormat.BadLineException;
import dev.nonevent.pipeline.journal.LineFormat.Read;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a journal. A crash can leave its end half written, and nothing else: such an end is cut off, anything else
 * is damage and refused (etcd's rule for its write-ahead log).
 */
final class JournalFile {

    private static final long LARGEST = 512L << 20;
    /** The first and the last record are shorter than this, or nobody learns of them in passing. */
    private static final long END = 256 << 10;

    private JournalFile() {}

    /**
     * What can be relied on.
     *
     * @param good length in bytes of all good records
     * @param torn how many bytes are behind them
     */
    record Content(List<JournalEntry> entries, int crc, long good, long torn) {}

    static Content read(Path file) {
        byte[] bytes = bytes(file);
        List<JournalEntry> entries = new ArrayList<>();
        int crc = 0;
        int start = 0;
        for (int end = lineEnd(bytes, start); end < bytes.length; end = lineEnd(bytes, start)) {
            try {
                Read read = LineFormat.read(Arrays.copyOfRange(bytes, start, end), entries.size() + 1L, crc);
                requireFormat(read.entry());
                entries.add(read.entry());
                crc = read.crc();
            } catch (BadLineException bad) {
                if (bad.whole()) {
                    throw JournalCorruptException.unknown(file, entries.size() + 1L, start, message(bad));
                } else if (hasRecordAfter(bytes, end)) {
                    throw JournalCorruptException.damaged(file, entries.size() + 1L, start, message(bad));
                }
                break;
            }
            start = end + 1;
        }
        return new Content(List.copyOf(entries), crc, start, bytes.length - start);
    }

    /**
     * The first and the last record, without a look at those between: for whoever only wants to know what this is.
     *
     * @return fewer than two if there are fewer, or if the last one is not whole
     */
    static List<JournalEntry> ends(Path file) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            List<JournalEntry> ends = new ArrayList<>();
            LineFormat.glance(lastLine(bytes, 0, Math.min(bytes.length(), END), true))
                    .ifPresent(ends::add);
            long from = Math.max(0, bytes.length() - END);
            LineFormat.glance(lastLine(bytes, from, bytes.length(), false)).ifPresent(ends::add);
            return ends;
        } catch (IOException e) {
            throw new InfrastructureException("the journal " + file + " cannot be read: " + e, e);
        }
    }

    private static byte[] lastLine(RandomAccessFile file, long from, long to, boolean first) throws IOException {
        byte[] bytes = new byte[(int) (to - from)];
        file.seek(from);
        file.readFully(bytes);
        int end = first ? lineEnd(bytes, 0) : bytes.length - 1;
        int start = end;
        while (start > 0 && bytes[start - 1] != '\n') {
            start--;
        }
        return end <= 0 ? new byte[0] : Arrays.copyOfRange(bytes, start, end);
    }

    /** Puts the half-written end aside and cuts it off. */
    static Path cut(Path file, Content content, String stamp) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".torn-" + stamp);
        byte[] all = Files.readAllBytes(file);
        Files.write(aside, Arrays.copyOfRange(all, (int) content.good(), all.length));
        try (RandomAccessFile end = new RandomAccessFile(file.toFile(), "rw")) {
            end.setLength(content.good());
            end.getFD().sync();
        }
        return aside;
    }

    private static void requireFormat(JournalEntry entry) throws BadLineException {
        if (entry instanceof JournalEntry.Begun begun && begun.format() != JournalEntry.FORMAT) {
            throw new BadLineException(
                    "it has format " + begun.format() + ", and this version knows format " + JournalEntry.FORMAT, true);
        }
    }

    /** Several records may be lost at once, when the machine went down before they were made durable. */
    private static boolean hasRecordAfter(byte[] bytes, int end) {
        int start = end + 1;
        while (start < bytes.length) {
            int next = lineEnd(bytes, start);
            if (next < bytes.length && LineFormat.hasShape(Arrays.copyOfRange(bytes, start, next))) {
                return true;
            }
            start = next + 1;
        }
        return false;
    }

    private static String message(BadLineException bad) {
        return String.valueOf(bad.getMessage());
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new InfrastructureException("the journal " + file + " is larger than " + (LARGEST >> 20)
                        + " MiB and cannot be read; start a new run");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InfrastructureException("the journal " + file + " cannot be read: " + e, e);
        }
    }

    private static int lineEnd(byte[] bytes, int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }
}
