package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Time that goes by only when a test says so; whoever sleeps wakes when it has come far enough. */
final class HandClock implements TimeSource {

    // Guarded by this.
    private long nanos;

    synchronized void advance(Duration duration) {
        nanos += duration.toNanos();
        notifyAll();
    }

    @Override
    public synchronized Instant now() {
        return Instant.parse("2026-11-23T12:00:00Z").plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        long until = nanos + duration.toNanos();
        while (nanos - until < 0) {
            wait();
        }
    }
}
