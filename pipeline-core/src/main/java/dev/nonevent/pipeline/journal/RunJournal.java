package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.journal.JournalFile.Content;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one run: {@code journal.jsonl} in the directory of the run, only ever appended to.
 *
 * <p>A record that {@link #append} has written survives the death of this process; {@link #force} waits until it survives
 * the machine's. Until the journal is closed no other process and nobody else in this one can open it. After the first
 * failure of the disk nothing is written any more. Safe for use by several threads, interrupted or not.
 */
public final class RunJournal implements AutoCloseable {

    private final Path file;
    private final RunLock lock;
    private final List<JournalEntry> past;
    private final Optional<String> repaired;
    private final JournalDisk disk;
    private final Syncer syncer;

    // Guarded by this.
    private long records;
    private int crc;
    private boolean closed;
    private @Nullable IOException poison;

    /** Opens the end of a journal's file. */
    @FunctionalInterface
    public interface Opening {

        JournalDisk open(Path file) throws IOException;
    }

    private RunJournal(Path file, RunLock lock, Content content, Optional<String> repaired, JournalDisk disk) {
        this.file = file;
        this.lock = lock;
        this.past = content.entries();
        this.repaired = repaired;
        this.disk = disk;
        this.records = content.entries().size();
        this.crc = content.crc();
        this.syncer = new Syncer(
                disk, "pipeline-journal-" + file.resolveSibling(".").normalize().getFileName());
    }

    /** The file in this directory. */
    public static Opening onThisMachine() {
        return FileDisk::new;
    }

    /**
     * Opens the journal of this directory, and makes it if there is none. An end that a crash has left half written is cut
     * off, and put aside.
     *
     * @param now part of the name of what is put aside
     * @throws JournalHeldException if somebody is at work on it
     * @throws JournalCorruptException if it is damaged, or of a later version; nothing was changed
     * @throws InfrastructureException if it cannot be opened
     */
    public static RunJournal open(Path directory, Instant now, Opening opening) {
        Path file = file(directory);
        // An interrupt is for somebody's stage, and would close what is opened here.
        boolean interrupted = Thread.interrupted();
        try {
            RunLock lock = RunLock.take(directory);
            try {
                return open(file, lock, now, opening);
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InfrastructureException("the journal " + file + " cannot be opened: " + e, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RunJournal open(Path file, RunLock lock, Instant now, Opening opening) throws IOException {
        Content content = Files.exists(file) ? JournalFile.read(file) : new Content(List.of(), 0, 0, 0);
        Optional<String> repaired = Optional.empty();
        if (content.torn() > 0) {
            Path aside = JournalFile.cut(file, content, Long.toString(now.toEpochMilli()));
            repaired = Optional.of("the end of the journal was half written; it was cut off and put into " + aside);
        }
        RunJournal journal = new RunJournal(file, lock, content, repaired, opening.open(file));
        journal.syncer.start();
        return journal;
    }

    /**
     * What is in the journal of this directory, without taking it; a half-written end is passed over.
     *
     * @throws JournalCorruptException as {@link #open}
     */
    public static List<JournalEntry> read(Path directory) {
        return JournalFile.read(file(directory)).entries();
    }

    /**
     * What a run is and how it stands, without reading all of its journal.
     *
     * @param begun empty if there is no journal, or its first record cannot be read
     * @param isOver whether somebody has brought it to its end
     */
    public record Glance(Optional<JournalEntry.Begun> begun, boolean isOver) {}

    /** A first look at the journal of this directory. */
    public static Glance glance(Path directory) {
        Path file = file(directory);
        List<JournalEntry> ends = Files.exists(file) ? JournalFile.ends(file) : List.of();
        Optional<JournalEntry.Begun> begun = ends.stream()
                .filter(JournalEntry.Begun.class::isInstance)
                .map(JournalEntry.Begun.class::cast)
                .findFirst();
        boolean isOver =
                ends.stream().flatMap(entry -> entry.told().stream()).anyMatch(RunEvent.RunEnded.class::isInstance);
        return new Glance(begun, isOver);
    }

    /** Whether somebody is at work on the run of this directory. */
    public static boolean isHeld(Path directory) {
        try {
            return RunLock.isHeld(directory);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "nobody can say whether the run in " + directory + " is under way: " + e, e);
        }
    }

    /** What people were told of the run, in order; only what its stages printed is missing. */
    public static List<RunEvent> events(List<JournalEntry> entries) {
        return entries.stream().flatMap(entry -> entry.told().stream()).toList();
    }

    /** What was in it when it was opened, the record with number 1 first. */
    public List<JournalEntry> past() {
        return past;
    }

    /** What had to be done when it was opened, as a sentence. */
    public Optional<String> repaired() {
        return repaired;
    }

    /**
     * Writes a record, in one go.
     *
     * @param mask what every text of the entry passes before it is written
     * @return its number, counted from 1
     * @throws JournalBrokenException if the disk fails, or has failed before: then it may not be there
     */
    public synchronized long append(JournalEntry entry, UnaryOperator<String> mask) {
        requireOpen();
        LineFormat.Line line = LineFormat.written(records + 1, entry, mask, crc);
        try {
            syncer.check();
            disk.write(line.bytes());
        } catch (IOException e) {
            throw poisoned(e);
        }
        crc = line.crc();
        records++;
        syncer.written(records);
        return records;
    }

    /**
     * Waits until all records so far survive the end of the machine.
     *
     * @throws JournalBrokenException if the disk fails, or has failed before: nobody knows what of them is there
     */
    public void force() {
        synchronized (this) {
            requireOpen();
        }
        try {
            syncer.await();
        } catch (IOException e) {
            synchronized (this) {
                throw poisoned(e);
            }
        }
    }

    private void requireOpen() {
        if (poison != null) {
            throw broken(poison);
        } else if (closed) {
            throw new IllegalStateException("the journal " + file + " is closed");
        }
    }

    /** A force that failed may report success the next time and have lost the pages: it is never tried again. */
    private JournalBrokenException poisoned(IOException e) {
        if (poison == null) {
            poison = e;
        }
        return broken(e);
    }

    private JournalBrokenException broken(IOException e) {
        return new JournalBrokenException(
                "the journal " + file + " cannot be written (" + e.getMessage()
                        + "): what happens from here on would be forgotten; see whether the disk has room and is sound",
                e);
    }

    /** What is written is made durable still. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        syncer.close();
        try (lock) {
            disk.close();
        } catch (IOException e) {
            throw new InfrastructureException("the journal " + file + " cannot be closed: " + e, e);
        }
    }

    private static Path file(Path directory) {
        return directory.resolve("journal.jsonl");
    }
}
