package dev.nonevent.pipeline.run;

import java.time.Duration;
import java.util.Optional;

/**
 * One of the times a node is tried.
 *
 * @param number from 1
 * @param begun when the first of them began, in nanoseconds of the run's clock
 * @param before how the one before ended, as in {@code attempt 2, after BLOCKED: 3 of 41 failed}; empty for the first
 */
record Attempt(int number, long begun, Optional<String> before) {

    boolean isFirst() {
        return number == 1;
    }

    /** A directory of its own: what the one before left cannot get in its way. No slug has an underscore. */
    String directory(Node node) {
        return isFirst() ? node.slug : node.slug + "_" + number;
    }

    /** What is left of the node's time. */
    Duration left(Duration limit, long now) {
        return limit.minusNanos(now - begun);
    }
}
