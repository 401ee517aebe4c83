package dev.nonevent.pipeline.run;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Code that others may tell to leave. The first of "ended by itself", "timed out" and "cancelled" wins; an interrupt
 * never reaches the thread once the code has left it.
 */
final class Leash {

    private final AtomicReference<@Nullable Stop> first = new AtomicReference<>();

    // Guarded by this.
    private @Nullable Thread holder;

    /** Carries the code out on the calling thread; a pull before or during it interrupts that thread. */
    <T> T call(Callable<T> code) throws Exception {
        boolean interruptedBefore = Thread.interrupted();
        take(Thread.currentThread());
        try {
            return code.call();
        } finally {
            release(interruptedBefore);
        }
    }

    /** Tells it to leave, unless something else came first. */
    boolean pull(Stop stop) {
        boolean won = first.compareAndSet(null, stop);
        if (won) {
            interruptHolder();
        }
        return won;
    }

    /** What came first; from now on a pull does nothing. */
    Stop end() {
        first.compareAndSet(null, new Stop.TooLate());
        Stop stop = first.get();
        return stop == null ? new Stop.TooLate() : stop;
    }

    private synchronized void take(Thread thread) {
        holder = thread;
        if (first.get() != null) {
            thread.interrupt();
        }
    }

    private synchronized void interruptHolder() {
        if (holder != null) {
            holder.interrupt();
        }
    }

    private synchronized void release(boolean interruptedBefore) {
        holder = null;
        boolean ours = first.get() != null;
        boolean interrupted = Thread.interrupted() && !ours;
        if (interrupted || interruptedBefore) {
            Thread.currentThread().interrupt();
        }
    }
}
