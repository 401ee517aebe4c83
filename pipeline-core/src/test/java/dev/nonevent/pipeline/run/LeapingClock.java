package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Time that goes by only while somebody sleeps, and then at once. */
final class LeapingClock implements TimeSource {

    // Guarded by this.
    private long nanos;

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
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        nanos += Math.max(0, duration.toNanos());
    }
}
