package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.report.DeploymentReport;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.deployment.Release;
import java.net.URI;
import java.time.Instant;

/**
 * A release that has the traffic and is stable.
 *
 * @param address where users come in
 * @param switchedAt when users got it
 * @param requests answered or failed since it was first given traffic, when this was made
 * @param failed of those
 * @param replayed of the failed ones: answered by the release before, so that no user saw them
 * @param alreadyLive whether it was there before and nothing was done
 * @param measured all zero if it was already live
 * @param report how the deployment went that brought it there
 */
public record LiveRelease(
        Release release,
        Colour colour,
        URI address,
        Instant switchedAt,
        long requests,
        long failed,
        long replayed,
        boolean alreadyLive,
        Measured measured,
        DeploymentReport report) {}
