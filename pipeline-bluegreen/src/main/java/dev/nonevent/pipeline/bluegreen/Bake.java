package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.Judgement;
import dev.nonevent.pipeline.bluegreen.judge.Meter;
import dev.nonevent.pipeline.bluegreen.judge.Sample;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.Deadline;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A release while users have it and nobody yet trusts it. */
final class Bake {

    /** Short against the quarter of a second in which total failure has to be noticed. */
    private static final Duration LOOK = Duration.ofMillis(25);

    /** How long the counts may be out of reach before nobody can be said to watch. */
    private static final Duration BLIND = Duration.ofSeconds(5);

    private final Site site;
    private final Operation operation;
    private final Instance instance;
    private final Optional<Steps.Step> step;
    /** What follows when all users have it. */
    private final Optional<Arrival> arrival;

    private Meter meter;
    private Optional<Counts> seen = Optional.empty();
    private long seenAt;
    private Duration baked = Duration.ZERO;
    private boolean paused;
    private boolean watched;
    private Optional<Promotion> promotion = Optional.empty();

    /** @param step of a canary; empty when all users have it */
    Bake(Site site, Operation operation, Optional<Steps.Step> step) {
        this.site = site;
        this.operation = operation;
        this.step = step;
        this.instance = operation
                .instance()
                .orElseThrow(
                        () -> new IllegalStateException(operation.name() + " was switched to without an instance"));
        this.arrival = step.isPresent() ? Optional.empty() : Optional.of(new Arrival(site, operation));
        this.meter = new Meter(instance.deployment(), operation.begun().replaces());
        this.seenAt = site.time().nanos();
    }

    /** How it went. */
    sealed interface Result {

        record Good(String evidence, Duration took) implements Result {}

        /** @param detectedIn from the first failed request to the decision */
        record Bad(String reason, Optional<Duration> detectedIn) implements Result {}

        /** A person wants it to wait, or to go on; {@link Bake#run} goes on from here, and time that was waited is none. */
        record Ordered(boolean pauses, String who) implements Result {}
    }

    /** @param fully whether all users get it next, and nobody watches it any more */
    private record Promotion(String who, boolean fully) {}

    boolean isOf(Operation other, Optional<Steps.Step> part) {
        return operation.name().equals(other.name()) && step.equals(part);
    }

    /** A person has ended it. */
    boolean isPromoted() {
        return promotion.isPresent();
    }

    /** The same, so that nothing more of it is watched. */
    boolean isPromotedFully() {
        return promotion.filter(Promotion::fully).isPresent();
    }

    /**
     * With a part of the users by what both sides answer from now on. With all of them there is nothing to bake against for a
     * first release, and a release that was stable before needs no new proof.
     */
    Result run() throws InterruptedException {
        return left(this::watched);
    }

    /** A way to look at it. */
    @FunctionalInterface
    private interface Watching {
        Result result() throws InterruptedException;
    }

    /** What still runs when nobody comes back to it is ended. */
    private Result left(Watching watching) throws InterruptedException {
        boolean goesOn = false;
        try {
            Result result = watching.result();
            goesOn = result instanceof Result.Ordered;
            return result;
        } finally {
            if (!goesOn) {
                arrival.ifPresent(Arrival::close);
            }
        }
    }

    private Result watched() throws InterruptedException {
        if (step.isPresent()) {
            return run(step.get());
        }
        Options.Proof proof = site.options().proof();
        boolean proven = operation.isRollBack() || operation.begun().replaces().isEmpty();
        if (proven || proof.judge().isEmpty() || proof.bake().isZero()) {
            return ended("it answers with the traffic on it", "when it got the traffic");
        }
        at(paused ? "paused while baking" : "baking", "");
        Judge judge = proof.judge().get();
        if (!watched) {
            watched = true;
            site.say("watching " + operation.release().version() + " for " + Sentences.duration(proof.bake()) + ": "
                    + judge.description());
        }
        return watch(judge, Optional.of(proof.bake()));
    }

    private Result run(Steps.Step part) throws InterruptedException {
        String users = part.percent() + " % of the users";
        at(paused ? "paused while watching" : "watching", " with " + users);
        Judge judge = site.options().proof().judge().orElseThrow();
        if (!watched) {
            watched = true;
            site.say("watching " + operation.release().version() + " with " + users + " "
                    + part.time().map(time -> "for " + Sentences.duration(time)).orElse(Steps.UNTIL_PROMOTED)
                    + ": " + judge.description());
            meter = meter.since(site.traffic().counts());
        }
        return watch(judge, part.time());
    }

    /** Nobody watches it any more, because a person has said so while a part of the users had it. */
    Result runPromoted(String evidence) throws InterruptedException {
        return left(() -> ended(evidence, "when it got the traffic"));
    }

    private void at(String doing, String where) {
        site.step(doing, operation, where);
    }

    private Result ended(String evidence, String when) throws InterruptedException {
        if (arrival.isPresent()) {
            Optional<String> problem = arrival.get().await();
            if (problem.isPresent()) {
                return bad(problem.get());
            }
        }
        if (!Vitality.answers(site, operation.instance())) {
            return bad("it stopped answering " + when);
        }
        // Also where nothing is watched, nobody is told that it ends and sees it become stable.
        return site.orders()
                .take(operation.name(), Orders.Kind.ENDS)
                .<Result>map(order -> bad(order.reason()))
                .orElseGet(() -> new Result.Good(evidence, baked));
    }

    /** @param time until it is judged; empty if that waits for a person */
    private Result watch(Judge judge, Optional<Duration> time) throws InterruptedException {
        Duration before = baked;
        long began = site.time().nanos();
        Deadline deadline = site.context().deadline();
        if (paused || time.isEmpty()) {
            deadline.standStill();
        }
        try (Pulse pulse = new Pulse(site, instance);
                Lookout lookout = new Lookout(site.time(), judge.sources(), subject())) {
            while (true) {
                site.watchdog().progress();
                Optional<String> failure =
                        judge.soFar(sample().with(lookout.look())).failure();
                Optional<String> problem = failure.isPresent() ? failure : pulse.problem();
                if (problem.isEmpty() && arrival.isPresent()) {
                    problem = arrival.get().look();
                }
                if (problem.isPresent()) {
                    return bad(problem.get());
                }
                baked = paused ? before : before.plusNanos(site.time().nanos() - began);
                Optional<Result> wanted = promotion.isPresent() ? Optional.of(promoted()) : wanted();
                if (wanted.isPresent()) {
                    return wanted.get();
                }
                if (!paused && isOver(time) && lookout.isComplete() && isArrived()) {
                    look();
                    return end(judge.atTheEnd(meter.sample().with(lookout.look())), baked);
                }
                site.time().sleep(LOOK);
            }
        } finally {
            deadline.goOn();
        }
    }

    private boolean isArrived() {
        return arrival.map(Arrival::isOver).orElse(true);
    }

    private boolean isOver(Optional<Duration> time) {
        return time.filter(end -> baked.compareTo(end) >= 0).isPresent();
    }

    /** What a person, or the next release, wants of it. */
    private Optional<Result> wanted() throws InterruptedException {
        Optional<Orders.Order> order = site.orders().take(operation.name(), Orders.Kind.ALL);
        if (order.isEmpty()) {
            return Optional.empty();
        }
        String who = order.get().who();
        return switch (order.get().kind()) {
            case ABORT, SUPERSEDE -> Optional.of(bad(order.get().reason()));
            case PROMOTE_FULLY -> Optional.of(promoted(new Promotion(who, true)));
            case PAUSE -> turned(true, who);
            case PROMOTE -> endsStep() ? Optional.of(promoted(new Promotion(who, false))) : turned(false, who);
        };
    }

    /** Who promotes what is paused lets it go on; a step that is not, or that waits for nothing else, is over with it. */
    private boolean endsStep() {
        return step.filter(part -> !paused || part.time().isEmpty()).isPresent();
    }

    /** Paused twice is paused once; who goes on with what goes on changes nothing. */
    private Optional<Result> turned(boolean pauses, String who) {
        if (paused == pauses) {
            return Optional.empty();
        }
        paused = pauses;
        return Optional.of(new Result.Ordered(pauses, who));
    }

    /** A step is not ended before it is written down who wants that; the end of a bake says so itself. */
    private Result promoted(Promotion wanted) throws InterruptedException {
        promotion = Optional.of(wanted);
        paused = false;
        return step.isPresent() ? new Result.Ordered(false, wanted.who()) : promoted();
    }

    private Result promoted() throws InterruptedException {
        String who = promotion.orElseThrow().who();
        Optional<Duration> time = step.map(Steps.Step::time)
                .orElse(Optional.of(site.options().proof().bake()));
        return ended(
                who + " promoted it after " + Sentences.duration(baked)
                        + time.map(whole -> " of " + Sentences.duration(whole)).orElse("")
                        + step.map(part -> " with " + part.percent() + " % of the users")
                                .orElse("")
                        + ", and it answers",
                "when " + who + " promoted it");
    }

    private Subject subject() {
        return new Subject(
                operation.name(),
                operation.release().version(),
                operation.begun().replaces().orElseThrow());
    }

    private Result end(Judgement judgement, Duration baked) throws InterruptedException {
        Optional<String> unheard = arrival.flatMap(Arrival::unheard);
        if (unheard.isPresent()) {
            return bad(unheard.get());
        } else if (!Vitality.answers(site, operation.instance())) {
            return bad("it stopped answering at the end of the bake");
        }
        Result good = new Result.Good(judgement.why(), baked);
        boolean proceed = site.options().proof().whenInconclusive() == WhenInconclusive.PROCEED;
        return judgement.fold(
                pass -> good,
                fail -> bad(fail.why()),
                unclear -> proceed
                        ? good
                        : bad("it could not be judged: " + unclear.why()
                                + "; bake longer, or say whenInconclusive(PROCEED) to let the health checks decide"));
    }

    private Result.Bad bad(String reason) {
        return new Result.Bad(
                reason,
                seen.flatMap(Counts::firstFailedAt)
                        .map(failed -> Duration.between(failed, site.time().now()))
                        .map(took -> took.isNegative() ? Duration.ZERO : took));
    }

    /** The counts may be out of reach for a moment, but not when it is decided. */
    private Sample sample() {
        try {
            look();
        } catch (TrafficUnknownException e) {
            if (site.time().nanos() - seenAt > BLIND.toNanos()) {
                throw e;
            }
        }
        return meter.sample();
    }

    private void look() {
        List<Counts> counts = site.traffic().counts();
        meter.read(counts);
        site.survey().saw(counts);
        seen = counts.stream()
                .filter(count -> count.deployment().equals(instance.deployment()))
                .findFirst();
        seenAt = site.time().nanos();
    }
}
