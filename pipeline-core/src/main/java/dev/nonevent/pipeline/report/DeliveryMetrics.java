package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the delivery of one application is worth, from its own history and nothing else. What cannot be known is empty and
 * says so; it is never a zero.
 *
 * @param deployments that reached users
 * @param refused that were stopped before any user saw them
 * @param period from the first to the last deployment that reached users; empty with fewer than two
 * @param leadTime the median from commit to users, of those that stayed
 * @param leadTimes how many that median is made of
 * @param failed of those that reached users, how many were rolled back or given up
 * @param settled of those that reached users, how many have ended either way
 * @param timeToRestore the median from the first failed request to traffic back
 * @param restores how many that median is made of
 */
public record DeliveryMetrics(
        int deployments,
        int refused,
        Optional<Duration> period,
        Optional<Duration> leadTime,
        int leadTimes,
        int failed,
        int settled,
        Optional<Duration> timeToRestore,
        int restores) {

    public static DeliveryMetrics of(List<DeploymentRecord> history) {
        List<DeploymentRecord> reached =
                history.stream().filter(it -> it.switchedAt().isPresent()).toList();
        List<DeploymentRecord> settled =
                reached.stream().filter(it -> it.endedAt().isPresent()).toList();
        List<Instant> switches = reached.stream()
                .flatMap(it -> it.switchedAt().stream())
                .sorted()
                .toList();
        List<Duration> leads = settled.stream()
                .filter(DeploymentRecord::succeeded)
                .map(DeliveryMetrics::lead)
                .flatMap(Optional::stream)
                .toList();
        List<Duration> restores =
                reached.stream().flatMap(it -> it.failedFor().stream()).toList();
        return new DeliveryMetrics(
                reached.size(),
                (int) history.stream()
                        .filter(it -> it.switchedAt().isEmpty() && it.endedAt().isPresent())
                        .count(),
                switches.size() < 2
                        ? Optional.empty()
                        : Optional.of(Duration.between(switches.get(0), switches.get(switches.size() - 1))),
                median(leads),
                leads.size(),
                (int) settled.stream().filter(it -> !it.succeeded()).count(),
                settled.size(),
                median(restores),
                restores.size());
    }

    /** Deployments a day; empty while the history is shorter than a day, because a guess is not a measurement. */
    public Optional<Double> perDay() {
        return period.filter(it -> it.compareTo(Duration.ofDays(1)) >= 0)
                .map(it -> deployments / (it.toSeconds() / 86_400.0));
    }

    /** From 0 to 1; empty as long as none has settled. */
    public Optional<Double> changeFailureRate() {
        return settled == 0 ? Optional.empty() : Optional.of((double) failed / settled);
    }

    /** For people; four lines. */
    public String text() {
        String often = deployments == 0
                ? "none yet"
                : deployments + period.map(it -> " in " + Durations.text(it)).orElse("");
        return line(
                        "deployments",
                        often + perDay().map(it -> format(" (%.1f a day)", it)).orElse("") + stopped())
                + line("lead time", median(leadTime, leadTimes, "no commit has reached users and stayed"))
                + line(
                        "change failures",
                        changeFailureRate()
                                .map(it -> failed + " of " + settled + format(" (%.0f %%)", it * 100))
                                .orElse("nothing to fail yet"))
                + line("time to restore", median(timeToRestore, restores, "nothing was rolled back"));
    }

    /** For programs: milliseconds and rates; what cannot be known is not in it. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("deployments", deployments);
        map.put("refused", refused);
        map.put("failed", failed);
        period.ifPresent(it -> map.put("periodMs", it.toMillis()));
        perDay().ifPresent(it -> map.put("perDay", it));
        leadTime.ifPresent(it -> map.put("leadTimeMs", it.toMillis()));
        changeFailureRate().ifPresent(it -> map.put("changeFailureRate", it));
        timeToRestore.ifPresent(it -> map.put("timeToRestoreMs", it.toMillis()));
        return map;
    }

    private String stopped() {
        return refused == 0 ? "" : ", " + refused + " stopped before any user saw " + (refused == 1 ? "it" : "them");
    }

    /** A commit from the future is a wrong clock, not a lead time. */
    private static Optional<Duration> lead(DeploymentRecord it) {
        return it.release()
                .committedAt()
                .flatMap(committed -> it.switchedAt().map(switched -> Duration.between(committed, switched)))
                .filter(lead -> !lead.isNegative());
    }

    private static Optional<Duration> median(List<Duration> values) {
        List<Duration> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return Optional.empty();
        }
        Duration lower = sorted.get((sorted.size() - 1) / 2);
        Duration upper = sorted.get(sorted.size() / 2);
        return Optional.of(lower.plus(upper).dividedBy(2));
    }

    private static String median(Optional<Duration> median, int count, String otherwise) {
        return median.map(it -> Durations.text(it) + (count == 1 ? "" : " (median of " + count + ")"))
                .orElse(otherwise);
    }

    private static String line(String label, String what) {
        return format("%-17s", label) + what + "\n";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
