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
import java.util.Set;

/** A release while users have it and nobody yet trusts it. */
final class Bake {

    /** Short against the quarter of a second in which total failure has to be noticed. */
    private static final Duration LOOK = Duration.ofMillis(25);

    /** How long the counts may be out of reach before nobody can be said to watch. */
    private static final Duration BLIND = Duration.ofSeconds(5);

    private final Site site;
    private final Operation operation;
    private final Instance instance;
    private Meter meter;
    private Optional<Counts> seen = Optional.empty();
    private long seenAt;
    private Duration baked = Duration.ZERO;
    private boolean paused;
    private boolean watched;

    Bake(Site site, Operation operation) {
        this.site = site;
        this.operation = operation;
        this.instance = operation
                .instance()
                .orElseThrow(
                        () -> new IllegalStateException(operation.name() + " was switched to without an instance"));
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

    boolean isOf(Operation other) {
        return operation.name().equals(other.name());
    }

    /** There is nothing to bake against for a first release, and a release that was stable before needs no new proof. */
    Result run() throws InterruptedException {
        Options.Proof proof = site.options().proof();
        boolean proven = operation.isRollBack() || operation.begun().replaces().isEmpty();
        if (proven || proof.judge().isEmpty() || proof.bake().isZero()) {
            return Vitality.answers(site, operation.instance())
                    ? new Result.Good("it answers with the traffic on it", Duration.ZERO)
                    : bad("it stopped answering when it got the traffic");
        }
        site.lease().step((paused ? "paused while baking " : "baking ") + operation.name());
        Judge judge = proof.judge().get();
        if (!watched) {
            site.say("watching " + operation.release().version() + " for " + Sentences.duration(proof.bake()) + ": "
                    + judge.description());
            watched = true;
        }
        return watch(judge, proof.bake(), Orders.Kind.ALL);
    }

    /** The same with a part of the users, by what both sides answer from now on; it can be ended, but not paused. */
    Result run(Steps.Step step) throws InterruptedException {
        String part = step.percent() + " % of the users";
        site.lease().step("watching " + operation.name() + " with " + part);
        Judge judge = site.options().proof().judge().orElseThrow();
        site.say("watching " + operation.release().version() + " with " + part + " for "
                + Sentences.duration(step.time()) + ": " + judge.description());
        meter = meter.since(site.traffic().counts());
        return watch(judge, step.time(), Orders.Kind.ENDS);
    }

    private Result watch(Judge judge, Duration time, Set<Orders.Kind> orders) throws InterruptedException {
        Duration before = baked;
        long began = site.time().nanos();
        Deadline deadline = site.context().deadline();
        if (paused) {
            deadline.standStill();
        }
        try (Pulse pulse = new Pulse(site, instance);
                Lookout lookout = new Lookout(site.time(), judge.sources(), subject())) {
            while (true) {
                Optional<String> failure =
                        judge.soFar(sample().with(lookout.look())).failure();
                Optional<String> problem = failure.isPresent() ? failure : pulse.problem();
                if (problem.isPresent()) {
                    return bad(problem.get());
                }
                baked = paused ? before : before.plusNanos(site.time().nanos() - began);
                Optional<Result> wanted = wanted(time, orders);
                if (wanted.isPresent()) {
                    return wanted.get();
                }
                if (!paused && baked.compareTo(time) >= 0 && lookout.isComplete()) {
                    look();
                    return end(judge.atTheEnd(meter.sample().with(lookout.look())), baked);
                }
                site.time().sleep(LOOK);
            }
        } finally {
            deadline.goOn();
        }
    }

    /** What a person, or the next release, wants of it. */
    private Optional<Result> wanted(Duration bake, Set<Orders.Kind> orders) throws InterruptedException {
        Optional<Orders.Order> order = site.orders().take(operation.name(), orders);
        if (order.isEmpty()) {
            return Optional.empty();
        }
        String who = order.get().who();
        return switch (order.get().kind()) {
            case ABORT, SUPERSEDE -> Optional.of(bad(order.get().reason()));
            case PROMOTE_FULLY -> Optional.of(promoted(who, bake));
            case PAUSE -> turned(true, who);
            case PROMOTE -> turned(false, who);
        };
    }

    /** Paused twice is paused once; who goes on with what goes on changes nothing. */
    private Optional<Result> turned(boolean pauses, String who) {
        if (paused == pauses) {
            return Optional.empty();
        }
        paused = pauses;
        return Optional.of(new Result.Ordered(pauses, who));
    }

    private Result promoted(String who, Duration bake) throws InterruptedException {
        return Vitality.answers(site, operation.instance())
                ? new Result.Good(
                        who + " promoted it after " + Sentences.duration(baked) + " of " + Sentences.duration(bake)
                                + ", and it answers",
                        baked)
                : bad("it stopped answering when " + who + " promoted it");
    }

    private Subject subject() {
        return new Subject(
                operation.name(),
                operation.release().version(),
                operation.begun().replaces().orElseThrow());
    }

    private Result end(Judgement judgement, Duration baked) throws InterruptedException {
        if (!Vitality.answers(site, operation.instance())) {
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
        seen = counts.stream()
                .filter(count -> count.deployment().equals(instance.deployment()))
                .findFirst();
        seenAt = site.time().nanos();
    }
}
