package dev.nonevent.pipeline.bluegreen.proxy;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One at a time, over all threads and processes of this machine, and {@link Undisturbed}.
 *
 * <p>A POSIX lock belongs to the process, and closing any channel on the locked file drops it. So the file is opened at
 * most once per JVM, which only a registry of the whole JVM can hold.
 */
final class Turn {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private static final Set<Path> HELD_IN_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final TimeSource time;

    Turn(Path file, TimeSource time) {
        this.file = file;
        this.time = time;
    }

    <T> T take(Undisturbed.Work<T> work) {
        return Undisturbed.run(() -> locked(work));
    }

    private <T> T locked(Undisturbed.Work<T> work) throws InterruptedException {
        long until = time.nanos() + PATIENCE.toNanos();
        try {
            Path key = file.resolveSibling(".").toRealPath().resolve(file.getFileName());
            await(() -> HELD_IN_THIS_JVM.add(key), until);
            // its end is the lock's end
            try (FileChannel channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                await(() -> channel.tryLock() != null, until);
                return work.run();
            } finally {
                HELD_IN_THIS_JVM.remove(key);
            }
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (IOException e) {
            throw new TrafficUnknownException(
                    file + " cannot be locked (" + e
                            + "), so nobody knows who else is at work: this user needs to write there",
                    e);
        }
    }

    /** Whether it is ours now. */
    private interface Attempt {
        boolean succeeds() throws IOException;
    }

    private void await(Attempt attempt, long until) throws IOException, InterruptedException {
        while (!attempt.succeeds()) {
            if (time.nanos() - until > 0) {
                throw new TrafficUnknownException("another deployer has been at work at " + file + " for "
                        + PATIENCE.toSeconds() + " s: wait for it, or end it if it hangs");
            }
            time.sleep(LOOK_AGAIN);
        }
    }
}
