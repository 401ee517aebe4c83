package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Calls back when time is up. One daemon thread for all of a run, and none before the first alarm. */
final class Alarms implements AutoCloseable {

    private final TimeSource time;
    private final String threadName;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final PriorityQueue<Alarm> queue = new PriorityQueue<>((a, b) -> Long.compare(a.at - b.at, 0));
    private @Nullable Thread thread;
    private boolean closed;

    /** One call that is due at some time. Closing it calls it off. */
    final class Alarm implements AutoCloseable {

        private final long at;
        private final Runnable action;

        private Alarm(long at, Runnable action) {
            this.at = at;
            this.action = action;
        }

        /** Until it is due; nothing or less if it is. */
        Duration left() {
            return Duration.ofNanos(at - time.nanos());
        }

        @Override
        public void close() {
            lock.lock();
            try {
                queue.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    Alarms(TimeSource time, String threadName) {
        this.time = time;
        this.threadName = threadName;
    }

    /** @param action short and never blocking; called on the alarm thread */
    Alarm after(Duration delay, Runnable action) {
        Alarm alarm = new Alarm(time.nanos() + delay.toNanos(), action);
        lock.lock();
        try {
            queue.add(alarm);
            if (queue.peek() == alarm) {
                wake();
            }
        } finally {
            lock.unlock();
        }
        return alarm;
    }

    /** The run's clock, for differences. */
    long nanos() {
        return time.nanos();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the thread is gone. */
    void join() throws InterruptedException {
        Thread gone;
        lock.lock();
        try {
            gone = thread;
        } finally {
            lock.unlock();
        }
        if (gone != null && gone != Thread.currentThread()) {
            gone.join();
        }
    }

    private void wake() {
        if (thread == null && !closed) {
            thread = new Thread(this::watch, threadName);
            thread.setDaemon(true);
            thread.start();
        } else if (thread != null) {
            // It sleeps towards an alarm that may no longer be the first one.
            thread.interrupt();
        }
    }

    private void watch() {
        while (true) {
            try {
                next().action.run();
            } catch (InterruptedException awake) {
                if (isClosed()) {
                    return;
                }
            }
        }
    }

    private Alarm next() throws InterruptedException {
        while (true) {
            lock.lockInterruptibly();
            long wait;
            try {
                while (queue.isEmpty()) {
                    changed.await();
                }
                Alarm first = queue.element();
                wait = first.at - time.nanos();
                if (wait <= 0) {
                    return queue.remove();
                }
            } finally {
                lock.unlock();
            }
            time.sleep(Duration.ofNanos(wait));
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
