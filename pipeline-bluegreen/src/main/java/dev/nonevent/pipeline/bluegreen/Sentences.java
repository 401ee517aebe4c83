package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import java.time.Duration;
import java.util.Locale;

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
