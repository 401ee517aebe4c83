package dev.nonevent.pipeline.report;

import java.time.Duration;
import java.util.Locale;

/** How long something took, as people say it: {@code 34ms}, {@code 48.2s}, {@code 1m 12s}, {@code 2h 05m}, {@code 3d 4h}. */
public final class Durations {

    private Durations() {}

    public static String text(Duration took) {
        long millis = Math.max(0, took.toMillis());
        if (millis < 100) {
            return millis + "ms";
        } else if (millis < 59_950) {
            return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        } else if (seconds < 86_400) {
            return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds % 3600 / 60);
        }
        return seconds / 86_400 + "d " + seconds % 86_400 / 3600 + "h";
    }
}
