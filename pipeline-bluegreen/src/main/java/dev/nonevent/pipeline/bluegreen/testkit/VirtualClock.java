package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Time that passes when somebody waits, and only then: an hour takes as long as what is done in it. It begins at noon UTC of
 * the 23rd of November 2026. Safe for use by several threads; who waits in one of them lets the time of all pass.
 */
public final class VirtualClock implements TimeSource {

    static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final Runnable asked;
    private final Consumer<Duration> passing;

    public VirtualClock() {
        this(() -> {}, passed -> {});
    }

    /**
     * @param asked called whenever a record is dated or somebody waits
     * @param passing called with every bit of time that has passed
     */
    VirtualClock(Runnable asked, Consumer<Duration> passing) {
        this.asked = asked;
        this.passing = passing;
    }

    /** Lets time pass, without anybody who waits. */
    public void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        passing.accept(duration);
    }

    /** What has passed since it began. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos.get());
    }

    @Override
    public Instant now() {
        asked.run();
        return NOON.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        asked.run();
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting " + duration);
        }
        if (!duration.isNegative()) {
            pass(duration);
        }
    }
}
