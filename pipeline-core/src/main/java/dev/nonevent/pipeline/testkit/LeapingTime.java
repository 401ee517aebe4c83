package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that stands still while any thread of the run works, and leaps to the first moment that somebody waits for when all of
 * them wait. A thread that waits for something else than time counts as waiting after {@link #PATIENCE} looks, which is
 * when it can only be waiting for one that waits for time. It begins at noon UTC of the 23rd of November 2026.
 */
final class LeapingTime implements TimeSource {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final long LOOK_MILLIS = 1;
    private static final int PATIENCE = 250;

    private final ThreadGroup group;

    // Guarded by this.
    private final Map<Thread, Long> sleepers = new HashMap<>();
    private final Set<Thread> workers = new HashSet<>();
    private int works;
    private long nanos;

    /** @param group with every thread of the run */
    LeapingTime(ThreadGroup group) {
        this.group = group;
    }

    /** Work that was asked for; from now on it counts, though no thread has begun it. */
    synchronized Runnable counted(Runnable work) {
        works++;
        return () -> {
            begin();
            try {
                work.run();
            } finally {
                end();
            }
        };
    }

    /** Work that was asked for and will not be done. */
    synchronized void refused() {
        works--;
    }

    @Override
    public synchronized Instant now() {
        return NOON.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before waiting " + duration);
        }
        long until = nanos + Math.max(0, duration.toNanos());
        sleepers.put(Thread.currentThread(), until);
        try {
            int looks = 0;
            while (nanos - until < 0) {
                boolean quiet = isQuiet();
                looks = quiet ? looks + 1 : 0;
                if (quiet && (nobodyWorks() || looks > PATIENCE)) {
                    leap();
                    looks = 0;
                } else {
                    wait(LOOK_MILLIS);
                }
            }
        } finally {
            sleepers.remove(Thread.currentThread());
        }
    }

    private synchronized void begin() {
        workers.add(Thread.currentThread());
    }

    private synchronized void end() {
        workers.remove(Thread.currentThread());
        works--;
    }

    private void leap() {
        nanos = sleepers.values().stream().mapToLong(until -> until).min().orElse(nanos);
        notifyAll();
    }

    /** Whether all that was asked for has been begun, and waits for time. */
    private boolean nobodyWorks() {
        return works == workers.size() && sleepers.keySet().containsAll(workers);
    }

    /** Whether every thread waits for something, and nobody has been woken who has not come to it yet. */
    private boolean isQuiet() {
        boolean awake = sleepers.entrySet().stream()
                .anyMatch(each -> each.getKey().isInterrupted() || each.getValue() - nanos <= 0);
        if (awake || works > workers.size()) {
            return false;
        }
        Thread[] threads = new Thread[group.activeCount() + 32];
        int count = group.enumerate(threads);
        for (int i = 0; i < count; i++) {
            if (!sleepers.containsKey(threads[i]) && !waits(threads[i])) {
                return false;
            }
        }
        return count < threads.length;
    }

    /**
     * In this order: who interrupts a thread does it before it waits itself, so one that was interrupted either still has its
     * flag, or has gone on, and then runs or waits for a lock.
     */
    private static boolean waits(Thread thread) {
        boolean interrupted = thread.isInterrupted();
        Thread.State state = thread.getState();
        Object blocker = LockSupport.getBlocker(thread);
        boolean parked = state == Thread.State.WAITING
                || state == Thread.State.TIMED_WAITING
                || state == Thread.State.TERMINATED;
        return parked && !interrupted && !(blocker instanceof AbstractOwnableSynchronizer);
    }
}
