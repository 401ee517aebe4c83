package dev.nonevent.pipeline.bluegreen.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a deployment was where.
 *
 * @param startedAt when it was begun
 * @param switchedAt when the first users got it; empty if none did
 * @param endedAt when it became stable or was given up; empty if it has not
 * @param detectedIn from the first failed request to the decision to go back; empty if it was given up for something else
 * @param restoredIn from that decision to all users back; empty if it was not rolled back, or if the process that decided died
 */
public record Times(
        Instant startedAt,
        Optional<Instant> switchedAt,
        Optional<Instant> endedAt,
        Optional<Duration> detectedIn,
        Optional<Duration> restoredIn) {}
