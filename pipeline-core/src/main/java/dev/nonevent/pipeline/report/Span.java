package dev.nonevent.pipeline.report;

import java.time.Duration;
import java.time.Instant;

/** The time of a run, on which its stages are drawn. */
record Span(Instant start, Duration took) {

    static final int WIDTH = 1000;

    /** From 0 to {@link #WIDTH}, also if a clock was set. */
    double at(Instant moment) {
        double whole = Math.max(1, took.toMillis());
        double part = Duration.between(start, moment).toMillis() / whole;
        return WIDTH * Math.max(0, Math.min(1, part));
    }

    /** {@code +1m 12s}. */
    String since(Instant moment) {
        return "+" + Durations.text(Duration.between(start, moment));
    }
}
