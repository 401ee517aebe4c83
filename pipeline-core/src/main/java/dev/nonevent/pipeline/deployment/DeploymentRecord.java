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
 * @param detectedIn from the first failed request to the decision to roll back, if requests failed
 * @param restoredIn from that decision to traffic back on the stable release, if it was rolled back
 */
public record DeploymentRecord(
        Release release,
        Instant startedAt,
        Optional<Instant> switchedAt,
        Optional<Instant> endedAt,
        boolean succeeded,
        Optional<Duration> detectedIn,
        Optional<Duration> restoredIn) {

    /** One whose detection was not measured. */
    public DeploymentRecord(
            Release release,
            Instant startedAt,
            Optional<Instant> switchedAt,
            Optional<Instant> endedAt,
            boolean succeeded,
            Optional<Duration> restoredIn) {
        this(release, startedAt, switchedAt, endedAt, succeeded, Optional.empty(), restoredIn);
    }

    /** How long users met the failing release: from the first failed request to traffic back, if it was rolled back. */
    public Optional<Duration> failedFor() {
        return restoredIn.map(back -> back.plus(detectedIn.orElse(Duration.ZERO)));
    }
}
