package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void withoutHistoryNothingIsClaimed() {
        DeliveryMetrics none = DeliveryMetrics.of(List.of());

        assertThat(none.text()).isEqualTo("""
                deployments      none yet
                lead time        no commit has reached users and stayed
                change failures  nothing to fail yet
                time to restore  nothing was rolled back
                """);
        assertThat(none.toMap()).isEqualTo(Map.of("deployments", 0, "refused", 0, "failed", 0));
    }

    @Test
    void fourKeysFromOneHistory() {
        DeliveryMetrics metrics = DeliveryMetrics.of(List.of(
                stayed(0, Duration.ofMinutes(10)),
                stayed(24, Duration.ofMinutes(20)),
                rolledBack(36, Duration.ofMillis(800)),
                refused(40),
                stayed(48, Duration.ofMinutes(40))));

        assertThat(metrics.text()).isEqualTo("""
                deployments      4 in 2d 0h (2.0 a day), 1 stopped before any user saw it
                lead time        20m 00s (median of 3)
                change failures  1 of 4 (25 %)
                time to restore  0.8s
                """);
        assertThat(metrics.toMap())
                .isEqualTo(Map.of(
                        "deployments",
                        4,
                        "refused",
                        1,
                        "failed",
                        1,
                        "periodMs",
                        172_800_000L,
                        "perDay",
                        2.0,
                        "leadTimeMs",
                        1_200_000L,
                        "changeFailureRate",
                        0.25,
                        "timeToRestoreMs",
                        800L));
    }

    @Test
    void anEvenMedianLiesBetweenTheTwoInTheMiddle() {
        DeliveryMetrics metrics =
                DeliveryMetrics.of(List.of(stayed(0, Duration.ofMinutes(10)), stayed(1, Duration.ofMinutes(20))));

        assertThat(metrics.leadTime()).contains(Duration.ofMinutes(15));
    }

    @Test
    void aRateADayIsNotGuessedFromAnHour() {
        DeliveryMetrics metrics =
                DeliveryMetrics.of(List.of(stayed(0, Duration.ofMinutes(10)), stayed(1, Duration.ofMinutes(20))));

        assertThat(metrics.perDay()).isEmpty();
        assertThat(metrics.text()).startsWith("deployments      2 in 1h 00m\n");
    }

    @Test
    void whatIsStillOpenHasNeitherFailedNorStayed() {
        DeploymentRecord open = record(0, Optional.of(START), Optional.empty(), false, Optional.empty(), START);

        DeliveryMetrics metrics = DeliveryMetrics.of(List.of(open));

        assertThat(metrics.deployments()).isEqualTo(1);
        assertThat(metrics.changeFailureRate()).isEmpty();
        assertThat(metrics.leadTime()).isEmpty();
    }

    @Test
    void usersWaitFromTheFirstFailedRequestAndNotFromTheDecision() {
        DeploymentRecord back = new DeploymentRecord(
                rolledBack(0, Duration.ZERO).release(),
                START,
                Optional.of(START),
                Optional.of(START),
                false,
                Optional.of(Duration.ofMillis(700)),
                Optional.of(Duration.ofMillis(5)));

        assertThat(DeliveryMetrics.of(List.of(back)).timeToRestore()).contains(Duration.ofMillis(705));
    }

    @Test
    void aCommitFromTheFutureIsNoLeadTime() {
        DeliveryMetrics metrics = DeliveryMetrics.of(List.of(stayed(0, Duration.ofMinutes(-1))));

        assertThat(metrics.leadTime()).isEmpty();
    }

    private static DeploymentRecord stayed(int hour, Duration lead) {
        Instant at = START.plus(Duration.ofHours(hour));
        return record(hour, Optional.of(at), Optional.of(at.plusSeconds(60)), true, Optional.empty(), at.minus(lead));
    }

    private static DeploymentRecord rolledBack(int hour, Duration restored) {
        Instant at = START.plus(Duration.ofHours(hour));
        return record(hour, Optional.of(at), Optional.of(at.plusSeconds(60)), false, Optional.of(restored), at);
    }

    private static DeploymentRecord refused(int hour) {
        Instant at = START.plus(Duration.ofHours(hour));
        return record(hour, Optional.empty(), Optional.of(at), false, Optional.empty(), at);
    }

    private static DeploymentRecord record(
            int hour,
            Optional<Instant> switched,
            Optional<Instant> ended,
            boolean succeeded,
            Optional<Duration> restored,
            Instant committed) {
        return new DeploymentRecord(
                new Release("shop", "v" + hour, "sha256:0", Optional.of("c"), Optional.of(committed), "run"),
                START.plus(Duration.ofHours(hour)),
                switched,
                ended,
                succeeded,
                restored);
    }
}
