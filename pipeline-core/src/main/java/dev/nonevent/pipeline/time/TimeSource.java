package dev.nonevent.pipeline.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The only place where time comes from.
 *
 * <p>Deadlines use {@link #nanos()}, which no clock change moves; {@link #now()} is for people and records. Safe for use
 * by several threads.
 */
public interface TimeSource {

    /** The wall clock: for records and reports, never for deadlines. */
    Instant now();

    /** Monotonic nanoseconds from an arbitrary origin; only differences mean something. */
    long nanos();

    /** Waits; zero or a negative duration returns at once. */
    void sleep(Duration duration) throws InterruptedException;

    /** The machine's own time. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
