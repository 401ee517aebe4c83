package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.deployment.HealthCheck;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What is wrong with what a pipeline has said, before anything is tried. */
final class Declaration {

    private static final Target ANY = new Target(Colour.GREEN, "any", URI.create("http://127.0.0.1"));

    /** Requests a second: one in the longest time that anything may take. */
    private static final double FEWEST = 1.0 / Bounds.LONGEST.toSeconds();

    private static final double MOST = 1e9;

    private final String application;
    private final Options options;
    private final int addresses;
    private final List<String> problems = new ArrayList<>();

    /** @param addresses how many each release has */
    Declaration(String application, Options options, int addresses) {
        this.addresses = addresses;
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
        options.traffic().ifPresent(this::spread);
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
        progress();
        problems.addAll(options.notices().problems());
        return List.copyOf(problems);
    }

    private void spread(TrafficSwitcher switcher) {
        if (addresses > 1 && !switcher.capabilities().contains(Capability.REPLICAS)) {
            problems.add(switcher.description() + " sends users to one address of a release, and not to " + addresses
                    + " replicas; say .replicas(1), or let our router carry the traffic with"
                    + " .traffic(Router.router(8000))");
        }
    }

    /** What is asked less often than progress is expected would be given up for nothing. */
    private void progress() {
        Duration stall = options.terms().stall();
        if (stall.isNegative() || stall.isZero()) {
            problems.add("a deployment cannot make progress within " + stall + "; say a time above zero");
            return;
        }
        if (tooLong("to make progress within", stall)) {
            return;
        }
        options.checks()
                .health()
                .filter(check -> !Bounds.exceeds(check.every()))
                .ifPresent(check -> {
                    Duration answer = check.every().plus(check.timeout());
                    if (stall.compareTo(answer) <= 0) {
                        problems.add("progress is expected within " + Sentences.duration(stall) + ", and "
                                + check.description()
                                + " answers every " + Sentences.duration(answer)
                                + " at worst: every release would be given up; allow more");
                    }
                });
    }

    private void proof() {
        Options.Proof proof = options.proof();
        proof.judge().ifPresent(judge -> problems.addAll(judge.problems()));
        boolean bakes = !proof.bake().isZero();
        boolean inSteps = proof.steps().isPresent();
        proof.steps().ifPresent(this::steps);
        if (proof.bake().isNegative()) {
            problems.add("a bake of " + proof.bake() + " is none; say a time above zero");
        } else if (tooLong("a bake of", proof.bake())) {
            return;
        } else if (bakes && proof.judge().isEmpty()) {
            problems.add("a bake without a judge proves nothing; add .judge(Judge.errorRate().atMost(0.01))");
        } else if (!bakes && !inSteps && proof.judge().isPresent()) {
            problems.add("a judge without a bake has nothing to look at; add .bake(Duration.ofMinutes(10))");
        } else if (proof.judge().isPresent()) {
            judging(proof, proof.judge().orElseThrow());
        }
    }

    private void steps(Steps steps) {
        if (steps.steps().isEmpty()) {
            problems.add("a canary without a step is none; add .step(5, Duration.ofMinutes(5))");
        }
        if (steps.steps().stream().anyMatch(step -> step.percent() < 1 || step.percent() > 99)) {
            problems.add("a step gives the release 1 to 99 % of the users, and not " + steps
                    + "; after the last step it gets all of them");
        }
        if (steps.isFalling()) {
            problems.add("each step gives the release more users than the one before, and not " + steps);
        }
        if (steps.steps().stream()
                .flatMap(step -> step.time().stream())
                .anyMatch(time -> time.isNegative() || time.isZero())) {
            problems.add("a step takes a time above zero, or nothing is seen in it: " + steps);
        }
        steps.steps().stream()
                .flatMap(step -> step.time().stream())
                .filter(Bounds::exceeds)
                .findFirst()
                .ifPresent(time -> tooLong("a step of", time));
        if (options.terms().irreversible().isPresent()) {
            problems.add("a canary leaves users on both releases, and the one before cannot serve with what is"
                    + " irreversible: leave one of them out");
        }
        if (options.proof().judge().isEmpty() && options.proof().bake().isZero()) {
            problems.add("a canary that nobody judges warns of nothing; add .judge(Judge.errorRate().atMost(0.01))");
        }
        steps.header()
                .ifPresent(
                        match -> problems.addAll(steps.part(application, ANY, 1).problems()));
        options.traffic().ifPresent(switcher -> able(steps, switcher));
    }

    private void able(Steps steps, TrafficSwitcher switcher) {
        Set<Capability> able = switcher.capabilities();
        if (!able.contains(Capability.WEIGHTS)) {
            problems.add(
                    switcher.description() + " cannot give a part of the users to a release, as a canary needs it; use"
                            + " BlueGreen, or let our router carry the traffic with .traffic(Router.router(8000))");
        } else if (steps.sticky() && !able.contains(Capability.STICKY)) {
            problems.add(
                    switcher.description() + " cannot keep a user on a side; say .notSticky(), or let our router carry"
                            + " the traffic with .traffic(Router.router(8000))");
        }
        if (steps.header().isPresent() && !able.contains(Capability.HEADERS)) {
            problems.add(switcher.description()
                    + " cannot tell users by a header; leave .forUsersWith out, or let our router"
                    + " carry the traffic with .traffic(Router.router(8000))");
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

    /** Once for the bake, and for the first step of a canary in which too little is seen. */
    private void reachable(Options.Proof proof, Judge judge, double expected) {
        if (!(expected >= FEWEST)) {
            problems.add(
                    "users who make " + expected + " requests a second are nobody; say a number above zero, for one"
                            + " request in a year at least");
        } else if (expected > MOST) {
            problems.add("users who make " + expected + " requests a second are more than there are; say a billion at"
                    + " most");
        } else if (proof.whenInconclusive() == WhenInconclusive.ROLL_BACK) {
            if (!proof.bake().isZero()) {
                unreachable(judge, expected, proof.bake(), "bake").ifPresent(problems::add);
            }
            proof.steps().stream()
                    .flatMap(steps -> steps.steps().stream())
                    .flatMap(step -> step
                            .time()
                            .filter(time -> !time.isNegative() && !Bounds.exceeds(time))
                            .flatMap(time -> unreachable(judge, expected * step.percent() / 100, time, "step"))
                            .stream())
                    .findFirst()
                    .ifPresent(problems::add);
        }
    }

    private static Optional<String> unreachable(Judge judge, double expected, Duration time, String what) {
        double requests = expected * time.toNanos() / 1e9;
        if (requests >= judge.least()) {
            return Optional.empty();
        }
        Duration enough = Duration.ofSeconds((long) Math.ceil(judge.least() / expected));
        String longer = Bounds.exceeds(enough) ? "let it need fewer" : what + " for " + WorstCase.duration(enough);
        return Optional.of(String.format(
                Locale.ROOT,
                "at %s requests a second %,d come in a %s of %s, and the judge (%s) needs %,d: no release would ever"
                        + " pass; %s, or say whenInconclusive(PROCEED) to let the health checks decide",
                WorstCase.number(expected),
                (long) requests,
                what,
                WorstCase.duration(time),
                judge.description(),
                judge.least(),
                longer));
    }

    private boolean tooLong(String what, Duration time) {
        Optional<String> problem = Bounds.tooLong(what, time);
        problem.ifPresent(problems::add);
        return problem.isPresent();
    }

    private void predecessor() {
        Options.Predecessor predecessor = options.predecessor();
        if (predecessor.keep().isNegative() || predecessor.drain().isNegative()) {
            problems.add("a release can neither be kept nor be drained for less than no time");
        }
        tooLong("to keep a release for", predecessor.keep());
        tooLong("to drain a release for", predecessor.drain());
        Optional<Duration> rollback = options.rollback();
        rollback.ifPresent(limit -> tooLong("to be back within", limit));
        if (rollback.filter(limit -> limit.isNegative() || limit.isZero()).isPresent()) {
            problems.add("a rollback cannot be done within " + rollback.get() + "; say a time above zero");
        } else if (rollback.isPresent() && options.checks().health().isPresent()) {
            Duration worst = new WorstCase(options).back();
            if (worst.compareTo(rollback.get()) > 0) {
                problems.add("a rollback may take " + Sentences.duration(worst) + " (" + Vitality.QUESTIONS
                        + " questions to the old release, then the switch), and has to be done within "
                        + Sentences.duration(rollback.get()) + "; allow more");
            }
        }
    }
}
