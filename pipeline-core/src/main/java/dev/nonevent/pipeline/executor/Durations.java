package dev.nonevent.pipeline.executor;

import java.time.Duration;

/** Durations in words, for sentences. */
final class Durations {

    private Durations() {}

    /** {@code 1 h 5 min}, {@code 30 s}, {@code 250 ms}. */
    static String words(Duration duration) {
        StringBuilder words = new StringBuilder();
        append(words, duration.toHours(), " h");
        append(words, duration.toMinutesPart(), " min");
        append(words, duration.toSecondsPart(), " s");
        append(words, duration.toMillisPart(), " ms");
        return words.length() == 0 ? "no time" : words.toString();
    }

    private static void append(StringBuilder words, long number, String unit) {
        if (number > 0) {
            words.append(words.length() == 0 ? "" : " ").append(number).append(unit);
        }
    }
}
