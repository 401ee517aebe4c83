package dev.nonevent.pipeline.run;

import java.time.Duration;
import java.util.Locale;

/** Why code was told to leave before it was done. */
sealed interface Stop {

    /** It took longer than it was given. */
    record TimedOut(Duration limit) implements Stop {

        String sentence() {
            return "timed out after " + limit.toString().substring(2).toLowerCase(Locale.ROOT);
        }
    }

    /** Somebody stopped the run. */
    record Cancelled(String why) implements Stop {}

    /** It was not: it ended by itself, and nothing can stop it any more. */
    record TooLate() implements Stop {}
}
