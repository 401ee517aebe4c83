package dev.nonevent.pipeline.run;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Why code was told to leave before it was done. */
sealed interface Stop {

    /**
     * It took longer than it was given.
     *
     * @param waited for a person, beside that
     */
    record TimedOut(Duration limit, Duration waited) implements Stop {

        TimedOut(Duration limit) {
            this(limit, Duration.ZERO);
        }

        String sentence() {
            return "timed out after " + text(limit)
                    + (waited.isZero() ? "" : ", beside " + text(waited) + " of waiting for a person");
        }
    }

    /** Somebody stopped the run. */
    record Cancelled(String why) implements Stop {}

    /** {@code 1h30m}. */
    static String text(Duration duration) {
        return duration.truncatedTo(ChronoUnit.MILLIS).toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /** It was not: it ended by itself, and nothing can stop it any more. */
    record TooLate() implements Stop {}
}
