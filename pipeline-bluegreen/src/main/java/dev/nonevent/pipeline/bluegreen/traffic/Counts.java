package dev.nonevent.pipeline.bluegreen.traffic;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import java.time.Instant;
import java.util.Optional;

/**
 * What one deployment answered since it was first given traffic. Exact counts; they only grow.
 *
 * @param requests answered or failed, those in flight not included
 * @param failed no answer from the instance, or one of 500 to 599
 * @param replayed those of the failed ones that another deployment answered, so that no user saw them
 * @param inFlight claimed and not yet answered
 * @param firstFailedAt when the first of the failed ones failed, by the machine's wall clock
 * @param latencies of the answered ones
 */
public record Counts(
        Colour colour,
        String deployment,
        long requests,
        long failed,
        long replayed,
        long inFlight,
        Optional<Instant> firstFailedAt,
        Latencies latencies) {}
