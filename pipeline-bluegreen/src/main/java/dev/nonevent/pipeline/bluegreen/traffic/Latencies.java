package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How long answers took, from the request's head to the end of the answer: how many took at most so long. Immutable.
 *
 * @param counts by the upper bound of their bucket in microseconds, that bound included and at most a sixteenth above what
 *     was measured; buckets without any are left out
 */
public record Latencies(NavigableMap<Long, Long> counts) {

    private static final Latencies NONE = new Latencies(new TreeMap<>());

    public Latencies {
        counts = java.util.Collections.unmodifiableNavigableMap(new TreeMap<>(counts));
    }

    public static Latencies none() {
        return NONE;
    }

    @JsonIgnore
    public long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The shortest bound that at least this part of the answers kept, by the nearest-rank definition; empty if there are none.
     *
     * @param part above 0, at most 1; 0.99 is the 99th percentile
     */
    public Optional<Duration> quantile(double part) {
        if (!(part > 0 && part <= 1)) {
            throw new IllegalArgumentException("a quantile is above 0 and at most 1, not " + part);
        }
        long rank = (long) Math.ceil(part * total());
        long seen = 0;
        for (Map.Entry<Long, Long> bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen >= rank) {
                return Optional.of(Duration.ofNanos(bucket.getKey() * 1_000));
            }
        }
        return Optional.empty();
    }
}
