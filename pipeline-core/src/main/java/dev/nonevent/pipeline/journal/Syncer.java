package dev.nonevent.pipeline.journal;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes durable what others have written, on a thread of its own: records pile up for {@link #GROUP_NANOS} after the first
 * of them, or until somebody waits for them, and are made durable at once. A process that is killed loses none of them
 * meanwhile, for they are written; a machine that loses its power may lose those of one group. It is over when it is
 * closed, or with the first force that fails.
 */
final class Syncer implements AutoCloseable {

    /** A force makes everybody wait who writes to the same disk, so a run of short stages must not be one long force. */
    private static final long GROUP_NANOS = 50_000_000;

    private final JournalDisk disk;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private long written;
    private long durable;
    private int waiting;
    private boolean closed;
    private @Nullable IOException broken;

    Syncer(JournalDisk disk, String name) {
        this.disk = disk;
        this.thread = new Thread(this::work, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** @param record the number of the last record that was written */
    void written(long record) {
        lock.lock();
        try {
            boolean first = written == durable;
            written = record;
            if (first) {
                asked.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, interrupted or not, until all that was written is durable. */
    void await() throws IOException {
        lock.lock();
        try {
            long last = written;
            waiting++;
            asked.signal();
            while (durable < last && broken == null && !closed) {
                changed.awaitUninterruptibly();
            }
            waiting--;
            throwIfBroken();
        } finally {
            lock.unlock();
        }
    }

    /** Throws what the disk said when it failed. */
    void check() throws IOException {
        lock.lock();
        try {
            throwIfBroken();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfBroken() throws IOException {
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private void work() {
        for (long last = next(); last > 0; last = next()) {
            @Nullable IOException failed = null;
            try {
                disk.force();
            } catch (IOException e) {
                failed = e;
            }
            done(last, failed);
        }
    }

    /** The last record to be made durable; 0 if there will be none. */
    private long next() {
        lock.lock();
        try {
            while (durable == written && !closed && broken == null) {
                asked.awaitUninterruptibly();
            }
            gather();
            return durable == written || broken != null ? 0 : written;
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        try {
            for (long left = GROUP_NANOS; left > 0 && waiting == 0 && !closed; ) {
                left = asked.awaitNanos(left);
            }
        } catch (InterruptedException hurry) {
            // This thread is ours and nobody's else: whoever interrupts it wants it to be quick.
            return;
        }
    }

    private void done(long last, @Nullable IOException failed) {
        lock.lock();
        try {
            if (failed == null) {
                durable = last;
            } else {
                broken = failed;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is written is made durable still; the thread is gone when this returns. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            asked.signal();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
