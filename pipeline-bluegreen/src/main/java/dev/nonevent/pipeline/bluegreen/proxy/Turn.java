package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * One at a time, over all threads and processes of this machine, and undisturbed: an interrupt would close files and sockets
 * in the middle of a word, so it is kept for the caller until the work is done.
 */
public final class Turn {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Path file;
    private final TimeSource time;

    Turn(Path file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    /** What may be said again after it was broken off: it changes nothing if it had been heard. */
    public interface Work<T> {
        T run() throws InterruptedException;
    }

    <T> T take(Work<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return locked(work);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (RuntimeException e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T locked(Work<T> work) throws InterruptedException {
        // its end is the lock's end
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel);
            return work.run();
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    file + " cannot be locked (" + e.getMessage()
                            + "), so nobody knows who else is at work: this user needs to write there",
                    e);
        }
    }

    private void lock(FileChannel channel) throws IOException, InterruptedException {
        long until = time.nanos() + PATIENCE.toNanos();
        while (!isLocked(channel)) {
            if (time.nanos() - until > 0) {
                throw new IOException("somebody else has held it for " + PATIENCE.toSeconds() + " s");
            }
            time.sleep(LOOK_AGAIN);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }
}
