package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What is wrong with what a pipeline has said, before anything is tried. */
final class Declaration {

    private final String application;
    private final Options options;
    private final List<String> problems = new ArrayList<>();

    Declaration(String application, Options options) {
        this.application = application;
        this.options = options;
    }

    List<String> problems() {
        if (!application.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            problems.add("the application \"" + application
                    + "\" needs a name of at most 40 lower-case letters, digits and hyphens");
        }
        options.traffic()
                .ifPresentOrElse(
                        switcher -> problems.addAll(switcher.problems()),
                        () -> problems.add(
                                "nobody says who points users at a release; add .traffic(Router.router(8000))"));
        options.checks()
                .health()
                .ifPresentOrElse(
                        check -> problems.addAll(check.problems()),
                        () -> problems.add(
                                "nobody says when a release is healthy; add .health(HealthCheck.http(\"/health\"))"));
        options.checks().smoke().stream().map(HealthCheck::problems).forEach(problems::addAll);
        proof();
        predecessor();
        problems.addAll(options.terms().problems());
        return List.copyOf(problems);
    }

    private void proof() {
        Options.Proof proof = options.proof();
        proof.judge().ifPresent(judge -> problems.addAll(judge.problems()));
        boolean bakes = !proof.bake().isZero();
        if (proof.bake().isNegative()) {
            problems.add("a bake of " + proof.bake() + " is none; say a time above zero");
        } else if (bakes && proof.judge().isEmpty()) {
            problems.add("a bake without a judge proves nothing; add .judge(Judge.errorRate().atMost(0.01))");
        } else if (!bakes && proof.judge().isPresent()) {
            problems.add("a judge without a bake has nothing to look at; add .bake(Duration.ofMinutes(10))");
        } else if (bakes) {
            judging(proof, proof.judge().orElseThrow());
        }
    }

    /** Whether the bake can come to a judgement at all. */
    private void judging(Options.Proof proof, Judge judge) {
        options.traffic().ifPresent(switcher -> {
            for (Capability missing : EnumSet.allOf(Capability.class)) {
                if (judge.needs().contains(missing) && !switcher.capabilities().contains(missing)) {
                    problems.add("the judge (" + judge.description() + ") needs " + what(missing) + ", and "
                            + switcher.description()
                            + " does not tell: judge by something else, or let our router carry"
                            + " the traffic with .traffic(Router.router(8000))");
                }
            }
        });
        if (proof.expected().isPresent()) {
            reachable(proof, judge, proof.expected().get());
        }
    }

    private static String what(Capability capability) {
        return switch (capability) {
            case COUNTS -> "the counts of requests";
            case LATENCIES -> "the times that answers took";
            default -> capability.toString();
        };
    }

    private void reachable(Options.Proof proof, Judge judge, double expected) {
        double requests = expected * proof.bake().toNanos() / 1e9;
        if (!(expected > 0) || Double.isInfinite(expected)) {
            problems.add("users who make " + expected + " requests a second are nobody; say a number above zero");
        } else if (requests < judge.least() && proof.whenInconclusive() == WhenInconclusive.ROLL_BACK) {
            Duration enough = Duration.ofSeconds((long) Math.ceil(judge.least() / expected));
            problems.add(String.format(
                    Locale.ROOT,
                    "at %s requests a second %,d come in a bake of %s, and the judge (%s) needs %,d: no release would ever"
                            + " pass; bake for %s, or say whenInconclusive(PROCEED) to let the health checks decide",
                    WorstCase.number(expected),
                    (long) requests,
                    WorstCase.duration(proof.bake()),
                    judge.description(),
                    judge.least(),
                    WorstCase.duration(enough)));
        }
    }

    private void predecessor() {
        Options.Predecessor predecessor = options.predecessor();
        if (predecessor.keep().isNegative() || predecessor.drain().isNegative()) {
            problems.add("a release can neither be kept nor be drained for less than no time");
        }
        if (options.rollback().isPresent() && options.checks().health().isPresent()) {
            Duration worst = new WorstCase(options).back();
            if (worst.compareTo(options.rollback().get()) > 0) {
                problems.add("a rollback may take " + Sentences.duration(worst) + " (" + Vitality.QUESTIONS
                        + " questions to the old release, then the switch), and has to be done within "
                        + Sentences.duration(options.rollback().get()) + "; allow more");
            }
        }
    }
}
