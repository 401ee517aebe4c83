package dev.nonevent.pipeline.deployment;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One past deployment, as the ledger has it; delivery metrics are made of these.
 *
 * @param switchedAt when users first got it; empty: they never did
 * @param endedAt when it became stable or was given up; empty: it is still open
 * @param succeeded whether it became stable
 * @param restoredIn from the first failed request to traffic back on the stable release, if it was rolled back
 */
public record DeploymentRecord(
        Release release,
        Instant startedAt,
        Optional<Instant> switchedAt,
        Optional<Instant> endedAt,
        boolean succeeded,
        Optional<Duration> restoredIn) {}
