package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.text.OneLine;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * When an instance counts as healthy: what is asked, how often, and how many good answers in a row it takes.
 *
 * <pre>{@code HealthCheck.http("/health").every(Duration.ofSeconds(1)).healthyAfter(3).within(Duration.ofSeconds(60))}</pre>
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class HealthCheck {

    /** Everything that is declared in times ends with this, so that no sum of them is more than can be counted. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final int LONGEST_PATH = 2_000;
    private static final int LONGEST_NAME = 200;

    private final String description;
    private final Optional<String> path;
    private final Probe probe;
    private final Duration every;
    private final int healthyAfter;
    private final Duration within;

    private HealthCheck(
            String description, Optional<String> path, Probe probe, Duration every, int healthyAfter, Duration within) {
        this.description = Objects.requireNonNull(description, "a health check has no description");
        this.path = path;
        this.probe = Objects.requireNonNull(probe, "a health check has no probe");
        this.every = Objects.requireNonNull(every, "a health check has no time between two questions");
        this.healthyAfter = healthyAfter;
        this.within = Objects.requireNonNull(within, "a health check has no time to succeed");
    }

    /**
     * Healthy is any answer from 200 to 299 within a second. Redirects are not followed and nothing is retried: an instance
     * answers for itself.
     *
     * @param path such as {@code /health}
     */
    public static HealthCheck http(String path) {
        return new HealthCheck(
                "GET " + OneLine.escaped(path, LONGEST_NAME).replace(" ", "\\u0020"),
                Optional.of(path),
                new HttpProbe(path),
                Duration.ofMillis(500),
                3,
                Duration.ofSeconds(60));
    }

    /**
     * Any other way of asking.
     *
     * @param description for people: {@code PING on port 6379}
     */
    public static HealthCheck by(String description, Probe probe) {
        return new HealthCheck(description, Optional.empty(), probe, Duration.ofMillis(500), 3, Duration.ofSeconds(60));
    }

    /** @param pause between two questions; 500 ms if not said */
    public HealthCheck every(Duration pause) {
        return new HealthCheck(description, path, probe, pause, healthyAfter, within);
    }

    /** @param inARow how many good answers in a row it takes; 3 if not said */
    public HealthCheck healthyAfter(int inARow) {
        return new HealthCheck(description, path, probe, every, inARow, within);
    }

    /** @param limit how long a new instance may take to be healthy; 60 s if not said */
    public HealthCheck within(Duration limit) {
        return new HealthCheck(description, path, probe, every, healthyAfter, limit);
    }

    /** It goes into the first line of a request as it is, and into sentences. */
    private static Optional<String> problem(String path) {
        String shown = OneLine.escaped(path, LONGEST_NAME);
        if (path.length() > LONGEST_PATH || !path.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            return Optional.of("the path \"" + shown + "\" of a health check is longer than " + LONGEST_PATH
                    + " characters, or has blanks, line ends or others that no address has; write them as %20 is"
                    + " written");
        }
        return path.startsWith("/")
                ? Optional.empty()
                : Optional.of("the path \"" + shown
                        + "\" of a health check does not begin with /; say HealthCheck.http(\"/" + shown + "\")");
    }

    /** Asks once; of several replicas each, at the same time, and then a bad answer of one is the answer of all. */
    public Health probe(Instance instance) throws InterruptedException {
        return instance.alsoAt().isEmpty()
                ? probe.probe(instance.address())
                : new AllAtOnce(probe)
                        .answers(instance.addresses()).stream()
                                .filter(answer -> answer.problem().isPresent())
                                .findFirst()
                                .orElseGet(Health.Healthy::new);
    }

    /** Asks once whether anybody is there to serve: of several replicas, a good answer of one is the answer of all. */
    public Health probeAny(Instance instance) throws InterruptedException {
        return instance.alsoAt().isEmpty()
                ? probe.probe(instance.address())
                : new AllAtOnce(probe)
                        .answers(instance.addresses()).stream()
                                .min(Comparator.comparing(
                                        answer -> answer.problem().isPresent()))
                                .orElseGet(Health.Healthy::new);
    }

    /** Asks whatever answers at an address once. */
    public Health probe(URI address) throws InterruptedException {
        return probe.probe(address);
    }

    public Duration every() {
        return every;
    }

    public int healthyAfter() {
        return healthyAfter;
    }

    public Duration within() {
        return within;
    }

    /** The longest that one question by HTTP takes. */
    public Duration timeout() {
        return HttpProbe.TIMEOUT;
    }

    /** Whether every question is by HTTP, so that none takes longer than {@link #timeout}. */
    public boolean isOverHttp() {
        return path.isPresent();
    }

    /** {@code GET /health}. */
    public String description() {
        return description;
    }

    /** Everything wrong with the declaration itself, as sentences. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        path.flatMap(HealthCheck::problem).ifPresent(problems::add);
        String told = OneLine.escaped(description, LONGEST_NAME);
        if (!isOverHttp() && (!told.equals(description) || description.length() > LONGEST_NAME)) {
            problems.add("the health check \"" + told + "\" is told in more than " + LONGEST_NAME
                    + " characters, or with some that nobody can see; say it in fewer, on one line");
        }
        if (every.isZero() || every.isNegative()) {
            problems.add("the health check " + description + " asks every " + every + "; say a time above zero");
        }
        if (healthyAfter < 1) {
            problems.add("the health check " + description + " is healthy after " + healthyAfter
                    + " answers; say 1 or more");
        }
        if (every.compareTo(LONGEST) > 0 || within.compareTo(LONGEST) > 0) {
            problems.add("the health check " + description + " asks every " + every + " for " + within
                    + ", which is longer than anybody waits; say 365 days at most");
        } else if (within.isZero() || within.isNegative()) {
            problems.add("the health check " + description + " has " + within + " to succeed; say a time above zero");
        } else if (!every.isNegative() && within.compareTo(every.multipliedBy(Math.max(0, healthyAfter - 1))) <= 0) {
            problems.add("the health check " + description + " needs " + healthyAfter + " good answers, one every "
                    + every.toMillis() + " ms, and has only " + within.toMillis() + " ms for them; give it more time");
        }
        return problems;
    }
}
