package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What a pipeline has said about a blue-green deployment, by what it is about. */
record Options(
        Optional<TrafficSwitcher> traffic,
        Checks checks,
        Proof proof,
        Predecessor predecessor,
        Optional<Duration> rollback,
        Terms terms,
        Notices notices) {

    /** Before the switch. */
    record Checks(Optional<HealthCheck> health, List<HealthCheck> smoke) {

        Checks withHealth(HealthCheck check) {
            return new Checks(Optional.of(given(check, "health check")), smoke);
        }

        Checks withSmoke(HealthCheck check) {
            return new Checks(
                    health,
                    Stream.concat(smoke.stream(), Stream.of(given(check, "smoke check")))
                            .toList());
        }
    }

    /**
     * After the switch.
     *
     * @param expected how many requests users make in a second
     * @param steps of a canary, before all users are switched
     */
    record Proof(
            Duration bake,
            Optional<Judge> judge,
            WhenInconclusive whenInconclusive,
            Optional<Double> expected,
            Optional<Steps> steps) {

        Proof withBake(Duration duration) {
            return new Proof(given(duration, "time to bake"), judge, whenInconclusive, expected, steps);
        }

        Proof withJudge(Judge chosen) {
            return new Proof(bake, Optional.of(given(chosen, "judge")), whenInconclusive, expected, steps);
        }

        Proof withInconclusive(WhenInconclusive chosen) {
            return new Proof(bake, judge, given(chosen, "answer to what is inconclusive"), expected, steps);
        }

        Proof withExpected(double requestsPerSecond) {
            return new Proof(bake, judge, whenInconclusive, Optional.of(requestsPerSecond), steps);
        }

        Proof withSteps(Steps chosen) {
            return new Proof(bake, judge, whenInconclusive, expected, Optional.of(chosen));
        }
    }

    /** What becomes of the release that was there. */
    record Predecessor(Duration keep, Duration drain) {

        Predecessor {
            given(keep, "time to keep the release before");
            given(drain, "time to drain");
        }
    }

    static final Options DEFAULT = new Options(
            Optional.empty(),
            new Checks(Optional.empty(), List.of()),
            new Proof(Duration.ZERO, Optional.empty(), WhenInconclusive.ROLL_BACK, Optional.empty(), Optional.empty()),
            new Predecessor(Duration.ofMinutes(10), Duration.ofSeconds(30)),
            Optional.empty(),
            Terms.NONE,
            Notices.NONE);

    /** Here, where it was declared, and not in the middle of a deployment. */
    private static <T> T given(T value, String what) {
        return Objects.requireNonNull(value, () -> "null is no " + what);
    }

    Options with(TrafficSwitcher chosen) {
        return new Options(
                Optional.of(given(chosen, "traffic switcher")), checks, proof, predecessor, rollback, terms, notices);
    }

    Options with(Checks chosen) {
        return new Options(traffic, chosen, proof, predecessor, rollback, terms, notices);
    }

    Options with(Proof chosen) {
        return new Options(traffic, checks, chosen, predecessor, rollback, terms, notices);
    }

    Options with(Predecessor chosen) {
        return new Options(traffic, checks, proof, chosen, rollback, terms, notices);
    }

    Options withRollback(Duration limit) {
        return new Options(
                traffic, checks, proof, predecessor, Optional.of(given(limit, "time to be back")), terms, notices);
    }

    Options with(Terms chosen) {
        return new Options(traffic, checks, proof, predecessor, rollback, chosen, notices);
    }

    Options with(Notices chosen) {
        return new Options(traffic, checks, proof, predecessor, rollback, terms, chosen);
    }

    /** Asked only after the plan was checked. */
    TrafficSwitcher switcher() {
        return traffic.orElseThrow(() -> new IllegalStateException("no traffic switcher was given"));
    }

    HealthCheck health() {
        return checks.health().orElseThrow(() -> new IllegalStateException("no health check was given"));
    }
}
