package dev.nonevent.pipeline.bluegreen.judge;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Durations of answers, in microseconds and in words. */
final class Times {

    private Times() {}

    static double microseconds(Duration duration) {
        return duration.toSeconds() * 1e6 + duration.toNanosPart() / 1e3;
    }

    static Optional<String> text(Quantile quantile, Served served) {
        return served.latencies().quantile(quantile.part()).map(Times::text);
    }

    static String text(Duration duration) {
        double milliseconds = microseconds(duration) / 1e3;
        return milliseconds == Math.rint(milliseconds) || milliseconds >= 100
                ? String.format(Locale.ROOT, "%.0f ms", milliseconds)
                : String.format(Locale.ROOT, "%.2f ms", milliseconds);
    }
}
