package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** What one deployment's users met, in parts of requests. Owned by the world's monitor. */
final class Tally {

    private final Colour colour;
    private final String deployment;
    private final TreeMap<Long, Double> latencies = new TreeMap<>();
    private double requests;
    private double failed;
    private double replayed;
    private Optional<Instant> firstFailedAt = Optional.empty();

    Tally(Colour colour, String deployment) {
        this.colour = colour;
        this.deployment = deployment;
    }

    void answered(double count, Duration latency) {
        latencies.merge(Math.max(1, latency.toNanos() / 1_000), count, Double::sum);
    }

    void asked(double count, double failing, double answeredByAnother, Instant now) {
        requests += count;
        failed += failing;
        replayed += answeredByAnother;
        if (failed >= 1 && firstFailedAt.isEmpty()) {
            firstFailedAt = Optional.of(now);
        }
    }

    double seenToFail() {
        return failed - replayed;
    }

    /** Whole requests only. */
    Counts counts(boolean timed) {
        TreeMap<Long, Long> whole = new TreeMap<>();
        if (timed) {
            latencies.forEach((bound, count) -> whole.put(bound, count.longValue()));
            whole.values().removeIf(count -> count == 0);
        }
        return new Counts(
                colour,
                deployment,
                (long) requests,
                (long) failed,
                (long) replayed,
                0,
                firstFailedAt,
                new Latencies(whole));
    }
}
