package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.bluegreen.router.switchboard.PrivateFile;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Held by the one router that works in a home, until it is closed or the process ends, however it ends.
 *
 * <p>A POSIX lock belongs to the process, and closing any channel on the locked file drops it. So the file is opened at
 * most once per JVM, which only a registry of the whole JVM can hold.
 */
final class HomeLock implements AutoCloseable {

    private static final Set<Path> HELD_IN_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel file;

    private HomeLock(Path key, FileChannel file) {
        this.key = key;
        this.file = file;
    }

    /** Empty if another router holds it. */
    static Optional<HomeLock> take(Path home) {
        try {
            Path key = home.toRealPath().resolve("router.lock");
            if (!HELD_IN_THIS_JVM.add(key)) {
                return Optional.empty();
            }
            Optional<HomeLock> lock = Optional.empty();
            try {
                lock = locked(key);
                return lock;
            } finally {
                if (lock.isEmpty()) {
                    HELD_IN_THIS_JVM.remove(key);
                }
            }
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the router cannot lock " + home + " (" + e.getMessage()
                            + "): give it a directory on a local file system that this user may write",
                    e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new InfrastructureException("the router could not give up its lock", e);
        } finally {
            HELD_IN_THIS_JVM.remove(key);
        }
    }

    private static Optional<HomeLock> locked(Path key) throws IOException {
        FileChannel file = PrivateFile.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock();
            return lock == null ? Optional.empty() : Optional.of(new HomeLock(key, file));
        } finally {
            if (lock == null) {
                file.close();
            }
        }
    }
}
