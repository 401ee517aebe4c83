package dev.nonevent.pipeline.bluegreen;

import java.time.Duration;
import java.util.Optional;

/** How much of something a pipeline may declare, so that nothing that is added up later on is more than can be counted. */
final class Bounds {

    /** Of every time. */
    static final Duration LONGEST = Duration.ofDays(365);

    private Bounds() {}

    static boolean exceeds(Duration time) {
        return time.compareTo(LONGEST) > 0;
    }

    /** @param what {@code a bake of} */
    static Optional<String> tooLong(String what, Duration time) {
        return exceeds(time)
                ? Optional.of(what + " " + time + " is longer than anybody waits; say 365 days at most")
                : Optional.empty();
    }

    /** The time itself, or the longest one. */
    static Duration within(Duration time) {
        return exceeds(time) ? LONGEST : time;
    }
}
