package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process at a time, and in it one holder at a time.
 *
 * <p>A POSIX lock belongs to the process, and closing any channel on the locked file drops it. So the file is opened at
 * most once per JVM, which only a registry of the whole JVM can hold; and what people read about the holder lies in another
 * file.
 *
 * <p>Two parts of it are locked. Who has the first is the holder, and takes the second as well; who only looks touches nothing
 * but the second, together with others who look. So nobody is refused because somebody looks, and lookers never take each
 * other for a holder.
 */
final class LedgerLock implements AutoCloseable {

    /** Added to and opened under {@link #OPENING}, so that nobody closes one channel of a file while another is opened. */
    private static final Set<Path> HELD_IN_THIS_JVM = ConcurrentHashMap.newKeySet();

    private static final Object OPENING = new Object();

    private static final long HOLDING = 0;
    private static final long SEEN = 1;

    private final Path key;
    private final FileChannel channel;
    private final FileLock lock;
    private final Identity identity;
    private final Path holder;
    private final Instant since;

    private LedgerLock(Path key, FileChannel channel, FileLock lock, Identity identity, Instant since) {
        this.key = key;
        this.channel = channel;
        this.lock = lock;
        this.identity = identity;
        this.holder = key.resolveSibling("holder");
        this.since = since;
    }

    static LedgerLock take(Path directory, String application, String step, Instant now) throws IOException {
        Path key = directory.toRealPath().resolve("lock");
        synchronized (OPENING) {
            if (!HELD_IN_THIS_JVM.add(key)) {
                throw held(key, application);
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock(HOLDING, 1, false);
                if (lock == null) {
                    throw held(key, application);
                }
                LedgerLock taken = new LedgerLock(key, channel, lock, Identity.of(key), now);
                taken.say(step);
                taken.showItself();
                return taken;
            } catch (IOException | RuntimeException | Error e) {
                if (channel != null) {
                    channel.close();
                }
                HELD_IN_THIS_JVM.remove(key);
                throw e;
            }
        }
    }

    /** Nobody else wants to have it; who looks at this moment is through at once. */
    private void showItself() throws IOException {
        if (channel.tryLock(SEEN, 1, false) == null) {
            channel.lock(SEEN, 1, false);
        }
    }

    /** Whether somebody holds it: asked without taking it, and without making anything. */
    static boolean isHeld(Path directory) throws IOException {
        synchronized (OPENING) {
            try {
                Path key = directory.toRealPath().resolve("lock");
                if (HELD_IN_THIS_JVM.contains(key)) {
                    return true;
                }
                try (FileChannel channel = FileChannel.open(key, StandardOpenOption.READ)) {
                    return channel.tryLock(SEEN, 1, true) == null;
                }
            } catch (NoSuchFileException e) {
                return false;
            }
        }
    }

    /** False once a person has taken the file away that is locked: then somebody else may hold another one. */
    boolean isStillHeld() {
        return identity.isStillThere();
    }

    /**
     * For whoever has to wait; nothing is decided by it, so it need not survive a crash, and a disk that has no room for
     * it must not keep a release from being taken back: then nothing is said.
     */
    void say(String step) {
        if (!isStillHeld()) {
            return;
        }
        Path next = holder.resolveSibling("holder.next");
        try {
            Files.writeString(
                    next,
                    "process " + ProcessHandle.current().pid() + " since " + since.truncatedTo(ChronoUnit.SECONDS)
                            + ", " + step);
            Files.move(next, holder, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // What is said about an earlier step or holder would be false now.
            forget();
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(holder);
        } catch (IOException e) {
            throw new InfrastructureException(holder + " can neither be written nor removed: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("releasing " + key, e);
        } finally {
            HELD_IN_THIS_JVM.remove(key);
        }
    }

    private static LedgerHeldException held(Path key, String application) {
        String who;
        try {
            who = Files.readString(key.resolveSibling("holder"));
        } catch (IOException e) {
            who = "a process that has not said who it is";
        }
        return new LedgerHeldException("somebody else is at work on \"" + application + "\": " + who
                + "; wait until it is through, or end that process: the next one finishes or undoes what it began");
    }
}
