package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.judge.Judge;
import dev.nonevent.pipeline.bluegreen.judge.Judgement;
import dev.nonevent.pipeline.bluegreen.judge.Meter;
import dev.nonevent.pipeline.bluegreen.judge.Sample;
import dev.nonevent.pipeline.bluegreen.judge.Subject;
import dev.nonevent.pipeline.bluegreen.judge.WhenInconclusive;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
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
    private Meter meter;
    private Optional<Counts> seen = Optional.empty();
    private long seenAt;

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
        site.lease().step("baking " + operation.name());
        Judge judge = proof.judge().get();
        site.say("watching " + operation.release().version() + " for " + Sentences.duration(proof.bake()) + ": "
                + judge.description());
        return watch(judge, proof.bake());
    }

    /** The same with a part of the users, by what both sides answer from now on. */
    Result run(Steps.Step step) throws InterruptedException {
        String part = step.percent() + " % of the users";
        site.lease().step("watching " + operation.name() + " with " + part);
        Judge judge = site.options().proof().judge().orElseThrow();
        site.say("watching " + operation.release().version() + " with " + part + " for "
                + Sentences.duration(step.time()) + ": " + judge.description());
        meter = meter.since(site.traffic().counts());
        return watch(judge, step.time());
    }

    private Result watch(Judge judge, Duration time) throws InterruptedException {
        long began = site.time().nanos();
        try (Pulse pulse = new Pulse(site, instance);
                Lookout lookout = new Lookout(site.time(), judge.sources(), subject())) {
            while (true) {
                Optional<String> failure =
                        judge.soFar(sample().with(lookout.look())).failure();
                Optional<String> problem = failure.isPresent() ? failure : pulse.problem();
                if (problem.isPresent()) {
                    return bad(problem.get());
                }
                Duration baked = Duration.ofNanos(site.time().nanos() - began);
                if (baked.compareTo(time) >= 0 && lookout.isComplete()) {
                    look();
                    return end(judge.atTheEnd(meter.sample().with(lookout.look())), baked);
                }
                site.time().sleep(LOOK);
            }
        }
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
