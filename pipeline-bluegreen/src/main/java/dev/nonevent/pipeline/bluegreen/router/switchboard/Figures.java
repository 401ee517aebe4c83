package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import java.util.List;

/**
 * What metrics tell of one deployment, beyond its {@link Counts}.
 *
 * @param ofClass requests by the first digit of their status; those that were told nothing at 0
 * @param cut by draining
 * @param answeredWithin how many answers took longer than the bound before and at most {@link #BOUNDS}; the last: longer
 *     than all of them
 * @param answering of all answers together, in nanoseconds
 */
public record Figures(Counts counts, List<Long> ofClass, long cut, List<Long> answeredWithin, long answering) {

    /** Of the latencies, in microseconds. */
    public static final List<Long> BOUNDS = List.of(
            1_000L,
            2_500L,
            5_000L,
            10_000L,
            25_000L,
            50_000L,
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            10_000_000L);
}
