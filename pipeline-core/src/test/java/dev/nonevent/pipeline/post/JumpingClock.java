package dev.nonevent.pipeline.post;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Time that goes by only when somebody sleeps, and then at once. */
public final class JumpingClock implements TimeSource {

    public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    // Guarded by this.
    private final List<Duration> slept = new ArrayList<>();
    private long nanos;

    public synchronized List<Duration> slept() {
        return List.copyOf(slept);
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
    public synchronized void sleep(Duration duration) {
        slept.add(duration);
        nanos += duration.toNanos();
    }
}
