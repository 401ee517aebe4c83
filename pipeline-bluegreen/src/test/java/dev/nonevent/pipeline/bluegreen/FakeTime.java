package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Time that passes when somebody waits, and only then. */
final class FakeTime implements TimeSource {

    private Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private long nanos = 1;
    private Consumer<Duration> passing = passed -> {};

    /** Called with every bit of time that passes. */
    void whilePassing(Consumer<Duration> listener) {
        passing = listener;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
        passing.accept(duration);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted by the test");
        }
        pass(duration);
    }
}
