package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How what stands where is told to people. */
final class Sentences {

    private Sentences() {}

    /** {@code traffic is on blue (abc1234)}. */
    static String traffic(Standing standing, Route route) {
        return "traffic is on "
                + route.active().map(target -> place(standing, target)).orElse("nothing yet");
    }

    static String place(Standing standing, Target target) {
        return standing.owner(target)
                .map(Operation::place)
                .orElse(target.colour() + " (" + target.deployment() + ", which the ledger does not know)");
    }

    /** {@code users saw no failed request: the release before it answered 8}; empty if it answered none. */
    static Optional<String> replayed(Counts counts) {
        long seen = counts.failed() - counts.replayed();
        String saw = seen == 0 ? "no failed request" : seen == 1 ? "1 failed request" : seen + " failed requests";
        return counts.replayed() == 0
                ? Optional.empty()
                : Optional.of("users saw " + saw + ": the release before it answered " + counts.replayed());
    }

    /** {@code 190 ms}, {@code 12.5 s}, {@code 10 min}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        } else if (millis < 120_000) {
            return millis % 1_000 == 0 ? millis / 1_000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        return duration.toMinutes() + " min";
    }
}
