package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerFile.Content;
import dev.nonevent.pipeline.bluegreen.ledger.LineFormat.Read;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lease of a {@link FileLedger}: the lock, and the open end of the file. Safe for use by several threads. */
final class FileLease implements Lease {

    private final Path file;
    private final LedgerLock lock;
    private final TimeSource time;
    private final RecordSink sink;
    private final Reserve reserve;
    private final FileOutputStream end;
    private final Identity identity;
    private final Optional<String> repaired;
    private final long fence;

    // Owned by this object's monitor.
    private final List<LedgerLine> lines;
    private int crc;
    private @Nullable IOException poison;

    private FileLease(
            Path file, LedgerLock lock, TimeSource time, RecordSink sink, Content content, Optional<String> repaired)
            throws IOException {
        this.file = file;
        this.lock = lock;
        this.time = time;
        this.sink = sink;
        this.reserve = Reserve.beside(file);
        this.repaired = repaired;
        this.end = LedgerFile.open(file);
        this.identity = Identity.of(file);
        this.lines = new ArrayList<>(content.lines());
        this.crc = content.crc();
        this.fence = content.lines().stream().mapToLong(LedgerLine::fence).max().orElse(0) + 1;
    }

    static FileLease open(Path file, LedgerLock lock, TimeSource time, RecordSink sink) throws IOException {
        Reserve.beside(file).keep();
        Content content = LedgerFile.read(file);
        if (lastHolder(content).filter(FileLease::lives).isPresent()) {
            // It may have been stopped and lost its lock to a person: whatever it writes when it goes on must not end
            // up here.
            LedgerFile.renew(file);
            content = LedgerFile.read(file);
        }
        Optional<String> repaired = Optional.empty();
        if (content.torn() > 0) {
            Path aside = LedgerFile.cut(file, content, Long.toString(time.now().toEpochMilli()));
            repaired =
                    Optional.of("the last record of the ledger was half written; it was cut off and put into " + aside);
        }
        FileLease lease = new FileLease(file, lock, time, sink, content, repaired);
        try {
            ProcessHandle self = ProcessHandle.current();
            lease.append(new LedgerEntry.Acquired(
                    self.pid(), self.info().startInstant(), self.info().user().orElse("unknown")));
            return lease;
        } catch (RuntimeException | Error e) {
            lease.end.close();
            throw e;
        }
    }

    private static Optional<LedgerEntry.Acquired> lastHolder(Content content) {
        return content.lines().stream()
                .map(LedgerLine::entry)
                .filter(LedgerEntry.Acquired.class::isInstance)
                .map(LedgerEntry.Acquired.class::cast)
                .reduce((earlier, later) -> later);
    }

    /** Another process, that is: in this one nobody else can have it. */
    private static boolean lives(LedgerEntry.Acquired holder) {
        return holder.pid() != ProcessHandle.current().pid()
                && ProcessHandle.of(holder.pid())
                        .map(process -> process.info().startInstant())
                        .filter(started -> started.isEmpty()
                                || holder.processStartedAt().isEmpty()
                                || started.equals(holder.processStartedAt()))
                        .isPresent();
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public void step(String step) {
        lock.say(step);
    }

    @Override
    public synchronized void append(LedgerEntry entry) {
        if (poison != null) {
            throw new LedgerPoisonedException(
                    "the ledger " + file + " could not be written before (" + poison.getMessage()
                            + "), so nothing is written to it any more; start again",
                    poison);
        }
        requireNotTakenOver();
        Read record = LineFormat.written(lines.size() + 1L, fence, time.now(), entry, crc);
        try {
            sink.write(end, LineFormat.bytes(record));
        } catch (IOException e) {
            // A force that failed may report success the next time and have lost the pages: never try again.
            poison = e;
            throw new LedgerPoisonedException(
                    "the ledger " + file + " cannot be written (" + e.getMessage()
                            + "); nothing was changed after that",
                    e);
        }
        lines.add(record.line());
        crc = record.crc();
    }

    private void requireNotTakenOver() {
        if (lock.isStillHeld() && identity.isStillThere()) {
            return;
        }
        poison = new IOException("it was taken over by another process, or removed");
        throw new LedgerPoisonedException(
                "the ledger " + file
                        + " was taken over while this process held it, or its directory was removed: its lock or its file"
                        + " is not there any more; nothing was changed after that. Look at the status: another process, if"
                        + " there is one, finishes or undoes what this one began; a directory that was removed is to be put"
                        + " back before the next deployment, or what runs is known to nobody",
                poison);
    }

    @Override
    public void makeRoom() {
        try {
            reserve.giveUp();
        } catch (IOException e) {
            // The way back must be tried all the same; a disk that takes no change says so with its first record.
            step("no room could be made: " + e.getMessage());
        }
    }

    @Override
    public synchronized List<LedgerLine> lines() {
        return List.copyOf(lines);
    }

    @Override
    public Optional<String> repaired() {
        return repaired;
    }

    @Override
    public void close() {
        try (lock) {
            end.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing " + file, e);
        }
    }
}
