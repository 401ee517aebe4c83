package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;

/**
 * What one release answered. Exact counts.
 *
 * @param requests answered or failed
 * @param failed of those
 * @param latencies of the answered ones; empty where nobody takes the time
 */
public record Served(long requests, long failed, Latencies latencies) {

    /** How far the bound of a bucket may be above what was measured; see {@link Latencies}. */
    private static final double WIDEST = 17 / 16.0;

    private static final Served NOTHING = new Served(0, 0, Latencies.none());

    public Served {
        if (failed < 0 || requests < failed) {
            throw new IllegalArgumentException(failed + " failed of " + requests + " requests is no count");
        }
    }

    public static Served nothing() {
        return NOTHING;
    }

    /** The share that failed, between 0 and 1; 0 if nothing was asked. */
    public double errorRate() {
        return failures().rate();
    }

    Share failures() {
        return new Share(failed, requests);
    }

    /** The answers that took longer than this for sure, whatever place in their bucket they have. */
    Share surelySlowerThan(double microseconds) {
        long slow = latencies.counts().tailMap((long) Math.floor(microseconds * WIDEST), false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new Share(slow, latencies.total());
    }
}
