package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
        }
    }

    private void predecessor() {
        Options.Predecessor predecessor = options.predecessor();
        if (predecessor.keep().isNegative() || predecessor.drain().isNegative()) {
            problems.add("a release can neither be kept nor be drained for less than no time");
        }
        if (options.rollback().isPresent() && options.checks().health().isPresent()) {
            Duration worst =
                    options.health().timeout().multipliedBy(Vitality.QUESTIONS).plus(SWITCHING);
            if (worst.compareTo(options.rollback().get()) > 0) {
                problems.add("a rollback may take " + Sentences.duration(worst) + " (" + Vitality.QUESTIONS
                        + " questions to the old release, then the switch), and has to be done within "
                        + Sentences.duration(options.rollback().get()) + "; allow more");
            }
        }
    }

    /** Intent, switch, read-back and outcome: generous for a disk that is busy. */
    private static final Duration SWITCHING = Duration.ofMillis(500);
}
