package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A ledger in a directory of a local file system: {@code ledger.log}, the lock beside it, and who holds it.
 *
 * <p>Every append is one write and one force. One process at a time holds it, by a POSIX lock that ends with the process;
 * the lock does not work across machines. Safe for use by several threads.
 */
public final class FileLedger implements DeploymentLedger {

    private final Path directory;
    private final String application;
    private final TimeSource time;
    private final RecordSink sink;

    private FileLedger(Path directory, String application, TimeSource time, RecordSink sink) {
        this.directory = directory;
        this.application = application;
        this.time = time;
        this.sink = sink;
    }

    /** @param directory of this application alone; made on first use */
    public static FileLedger in(Path directory, String application, TimeSource time) {
        return new FileLedger(directory, application, time, LedgerFile::write);
    }

    /** The same ledger on a disk that fails when a test wants it to. */
    FileLedger writingBy(RecordSink other) {
        return new FileLedger(directory, application, time, other);
    }

    @Override
    public Lease acquire(String step) {
        try {
            Files.createDirectories(directory);
            LedgerLock lock = LedgerLock.take(directory, application, step, time.now());
            try {
                return FileLease.open(log(), lock, time, sink);
            } catch (IOException | RuntimeException | Error e) {
                // The lock is the whole JVM's: nothing may leave it behind.
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InfrastructureException("the ledger in " + directory + " cannot be opened: " + e, e);
        }
    }

    /** Whether somebody holds it at this moment. Takes, writes and makes nothing, and keeps nobody from taking it. */
    public boolean isHeld() {
        try {
            return LedgerLock.isHeld(directory);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "nobody can say whether the ledger in " + directory + " is held: " + e, e);
        }
    }

    @Override
    public List<LedgerLine> read() {
        return LedgerFile.read(log()).lines();
    }

    private Path log() {
        return directory.resolve("ledger.log");
    }
}
