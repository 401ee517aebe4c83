package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;

/** Waits between two looks: short at first, then longer, so that quick ends are seen quickly and long waits cost little. */
final class Pause {

    private static final Duration LONGEST = Duration.ofMillis(20);

    private final TimeSource time;
    private Duration next = Duration.ofMillis(1);

    Pause(TimeSource time) {
        this.time = time;
    }

    Duration next() {
        Duration now = next;
        next = shorter(now.multipliedBy(2), LONGEST);
        return now;
    }

    void once(Duration atMost) throws InterruptedException {
        time.sleep(shorter(next(), atMost));
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
