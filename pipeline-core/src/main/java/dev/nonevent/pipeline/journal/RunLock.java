package dev.nonevent.pipeline.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process at a time on one run, and in it one holder at a time. The file says which process.
 *
 * <p>A POSIX lock belongs to the process and ends with it, however it ends; closing any channel on the locked file drops
 * it. So the file is opened at most once per JVM, which only a registry of the whole JVM can hold. What is locked lies
 * behind what is written, and who only looks locks a byte further on, together with others who look.
 */
final class RunLock implements AutoCloseable {

    private static final Set<Path> HELD_IN_THIS_JVM = ConcurrentHashMap.newKeySet();

    /** Held while a channel is opened or closed, so that nobody closes one of a file that another has just locked. */
    private static final Object OPENING = new Object();

    private static final long HOLDING = 1 << 20;
    private static final long SEEN = HOLDING + 1;

    private final Path key;
    private final FileChannel channel;

    private RunLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /** @throws JournalHeldException if somebody else has it */
    static RunLock take(Path directory) throws IOException {
        Path key = directory.toRealPath().resolve("lock");
        synchronized (OPENING) {
            if (!HELD_IN_THIS_JVM.add(key)) {
                throw held(key, "this process, " + ProcessHandle.current().pid());
            }
            FileChannel channel = null;
            try {
                channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock(HOLDING, 1, false) == null) {
                    throw held(key, holder(key));
                }
                // Who looks at this moment is through at once.
                channel.lock(SEEN, 1, false);
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(("process " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
                return new RunLock(key, channel);
            } catch (IOException | RuntimeException | Error e) {
                if (channel != null) {
                    channel.close();
                }
                HELD_IN_THIS_JVM.remove(key);
                throw e;
            }
        }
    }

    /** Whether somebody has it: asked without taking it, and without making anything. */
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
            } catch (NoSuchFileException none) {
                return false;
            }
        }
    }

    @Override
    public void close() {
        synchronized (OPENING) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("releasing " + key, e);
            } finally {
                HELD_IN_THIS_JVM.remove(key);
            }
        }
    }

    /** Only of a file that nobody in here has open: reading it would drop the lock. */
    private static String holder(Path key) {
        try {
            String said = Files.readString(key);
            return said.isBlank() ? "a process that has not said who it is" : said;
        } catch (IOException unreadable) {
            return "a process that nobody can name (" + unreadable.getMessage() + ")";
        }
    }

    private static JournalHeldException held(Path key, String who) {
        return new JournalHeldException(
                "run " + key.resolveSibling(".").normalize().getFileName() + " is under way in " + who
                        + "; wait until it is over, or end that process");
    }
}
