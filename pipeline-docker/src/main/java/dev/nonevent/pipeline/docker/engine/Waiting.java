package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;

/**
 * Looking at something again and again, for a bounded time. An interrupt does not cut it short; the thread has it again
 * when this is closed. For one thread.
 */
public final class Waiting implements AutoCloseable {

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    private final TimeSource time;
    private final long limit;
    private final long begun;
    private Duration pause = Duration.ofMillis(5);
    private boolean interrupted;

    public Waiting(TimeSource time, Duration limit) {
        this.time = time;
        this.limit = limit.toNanos();
        this.begun = time.nanos();
    }

    /** Whether the time is over; if not, it has rested before the next look. */
    public boolean isOver() {
        if (time.nanos() - begun >= limit) {
            return true;
        }
        try {
            time.sleep(pause);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        return false;
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
