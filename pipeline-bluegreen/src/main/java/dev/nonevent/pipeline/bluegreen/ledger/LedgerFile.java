package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.bluegreen.ledger.LineFormat.BadLineException;
import dev.nonevent.pipeline.bluegreen.ledger.LineFormat.Read;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a ledger. A crash can leave one half-written record at the very end, and nothing else: such an end is cut
 * off, anything else is damage and refused (etcd's rule for its write-ahead log).
 */
final class LedgerFile {

    private static final long LARGEST = 256L << 20;

    private LedgerFile() {}

    /**
     * What can be relied on.
     *
     * @param good length in bytes of all good records
     * @param torn how many bytes are behind them
     */
    record Content(List<LedgerLine> lines, int crc, long good, long torn) {}

    static Content read(Path file) {
        byte[] bytes = bytes(file);
        List<LedgerLine> lines = new ArrayList<>();
        int crc = 0;
        int start = 0;
        for (int end = lineEnd(bytes, start); end < bytes.length; end = lineEnd(bytes, start)) {
            try {
                Read read = LineFormat.read(Arrays.copyOfRange(bytes, start, end), lines.size() + 1L, crc);
                lines.add(read.line());
                crc = read.crc();
            } catch (BadLineException e) {
                if (e.whole() || end + 1 < bytes.length) {
                    throw new LedgerCorruptException(file, lines.size() + 1L, start, String.valueOf(e.getMessage()));
                }
                break;
            }
            start = end + 1;
        }
        return new Content(List.copyOf(lines), crc, start, bytes.length - start);
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

    /**
     * Opens for appending; a file that was not there is there for good when this returns. A stream, since an interrupt
     * closes a channel in the middle of a record, and a cancelled deployment still has to write how it ended. All else in here
     * is for an interrupted thread too, which stays interrupted.
     */
    static FileOutputStream open(Path file) throws IOException {
        FileOutputStream end = new FileOutputStream(file.toFile(), true);
        boolean forced = false;
        try {
            // Always: whoever made the file may have ended before it came so far. What is in it is forced by each
            // record.
            forceDirectory(file.resolveSibling("."));
            forced = true;
            return end;
        } finally {
            if (!forced) {
                end.close();
            }
        }
    }

    /**
     * The same records in a file of their own: whoever has the former one open writes to what nobody reads any more. A disk
     * that has no room for it is no reason to do nothing: then whoever is stopped notices by itself, but for the moment between
     * its look and its record.
     */
    static void renew(Path file) throws IOException {
        if (Files.getFileStore(file).getUsableSpace() < 2 * Files.size(file)) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.copy(file, next, StandardCopyOption.REPLACE_EXISTING);
        try (FileOutputStream copy = new FileOutputStream(next.toFile(), true)) {
            copy.getFD().sync();
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file.resolveSibling("."));
    }

    static void write(FileOutputStream end, byte[] record) throws IOException {
        end.write(record);
        end.getFD().sync();
    }

    /** A directory has no stream: the channel that an interrupt closes is opened again, and the interrupt kept for the caller. */
    private static void forceDirectory(Path directory) throws IOException {
        boolean interrupted = false;
        boolean forced = false;
        try {
            while (!forced) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    forced = true;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (!Files.exists(file)) {
                return new byte[0];
            }
            if (Files.size(file) > LARGEST) {
                throw new InfrastructureException("the ledger " + file + " is larger than " + (LARGEST >> 20)
                        + " MiB; move it away to start anew");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InfrastructureException("the ledger " + file + " cannot be read: " + e, e);
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
