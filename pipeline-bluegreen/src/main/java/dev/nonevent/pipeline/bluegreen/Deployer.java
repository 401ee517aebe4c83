package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerPoisonedException;
import dev.nonevent.pipeline.bluegreen.ledger.Purpose;
import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Brings a release to its users. */
final class Deployer {

    private final Site site;

    Deployer(Site site) {
        this.site = site;
    }

    LiveRelease deploy(Blueprint blueprint) throws InterruptedException {
        new Recovery(site).run();
        Optional<Operation> same = alreadyLive(blueprint);
        if (same.isPresent()) {
            site.say(same.get().release().version() + " is live already, nothing to do: "
                    + Sentences.traffic(site.standing(), site.route()));
            return live(same.get(), true, Measured.NOTHING);
        }
        new Retirement(site).sweep(true);
        LedgerEntry.Begun begun = begun(Purpose.DEPLOY, release(blueprint), blueprint, Optional.empty());
        Measured measured = carryOut(begun);
        return live(site.standing().operation(begun.deployment()), false, measured);
    }

    /** Users are on the release when this returns, or where they were before it was begun. */
    Measured carryOut(LedgerEntry.Begun begun) throws InterruptedException {
        site.write(begun);
        try {
            Candidate candidate = new Candidate(site, begun);
            Instance instance = candidate.start();
            Duration untilHealthy = candidate.prove(instance);
            Duration switching = switchTo(begun.deployment());
            Bake.Result.Good baked = bake(begun.deployment());
            Drained drained = commit(begun.deployment(), baked.evidence());
            return new Measured(untilHealthy, switching, baked.took(), drained.finished(), drained.cut());
        } catch (RefusedException e) {
            WayBack.End end = new WayBack(site).settle(begun.deployment(), e.reason());
            throw failed(
                    begun,
                    begun.release().version() + " was refused before it got traffic: " + e.reason() + "; "
                            + end.sentence(),
                    e.details());
        } catch (InterruptedException e) {
            WayBack.End end = new WayBack(site).settle(begun.deployment(), "it was cancelled");
            site.say("cancelled: " + end.sentence());
            throw e;
        } catch (TrafficUnknownException
                | StaleFenceException
                | LedgerPoisonedException
                | DeploymentFailedException e) {
            // Nobody can say where traffic is, or it is not ours any more, or all is said: nothing may be touched.
            throw e;
        } catch (RuntimeException e) {
            WayBack.End end = new WayBack(site).settle(begun.deployment(), String.valueOf(e.getMessage()));
            site.say(begun.release().version() + " was given up: " + end.sentence());
            throw e;
        }
    }

    private Duration switchTo(String deployment) {
        site.lease().step("switching to " + deployment);
        Operation operation = site.standing().operation(deployment);
        Target target = operation.target().orElseThrow();
        long began = site.time().nanos();
        site.write(new LedgerEntry.Switching(deployment, site.route().active(), target));
        site.point(target, standby(operation));
        Duration took = Duration.ofNanos(site.time().nanos() - began);
        site.write(new LedgerEntry.Switched(deployment, false));
        site.say("traffic is on " + operation.place());
        return took;
    }

    /** The release that users come from, until the new one is proven; a release they go back to was proven before. */
    private Optional<Target> standby(Operation operation) {
        return site.standing()
                .stable()
                .filter(stable -> !operation.isRollBack() && stable.isActive(site.route()))
                .flatMap(Operation::target);
    }

    private Bake.Result.Good bake(String deployment) throws InterruptedException {
        Operation operation = site.standing().operation(deployment);
        Bake.Result result = new Bake(site, operation).run();
        if (result instanceof Bake.Result.Bad bad) {
            List<String> details = operation.instance().map(site::lastLines).orElse(List.of());
            WayBack.End end = new WayBack(site).back(operation, bad.reason(), bad.detectedIn());
            String detected = bad.detectedIn()
                    .map(took -> "detected " + Sentences.duration(took) + " after the first failed request, ")
                    .orElse("");
            throw failed(
                    operation.begun(),
                    end.restored()
                            ? "rolled back: " + bad.reason() + "; " + detected + end.sentence()
                                    + whatUsersSaw(operation)
                            : end.sentence(),
                    details);
        }
        return (Bake.Result.Good) result;
    }

    /** Nothing if nobody knows, or if no other release has answered for it: then the reason has said it. */
    private String whatUsersSaw(Operation operation) {
        try {
            return operation
                    .instance()
                    .flatMap(instance -> site.counts(instance.deployment()))
                    .flatMap(Sentences::replayed)
                    .map(sentence -> "; " + sentence)
                    .orElse("");
        } catch (TrafficUnknownException e) {
            site.say("how many of the failed requests users saw is not known: " + e.getMessage());
            return "";
        }
    }

    private Drained commit(String deployment, String evidence) throws InterruptedException {
        site.write(new LedgerEntry.Committed(deployment, evidence));
        Operation stable = site.standing().operation(deployment);
        site.say(stable.release().version() + " is stable: " + evidence + whatUsersSaw(stable));
        Drained drained = new Retirement(site).of(stable);
        new Retirement(site).sweep(false);
        return drained;
    }

    private Optional<Operation> alreadyLive(Blueprint blueprint) throws InterruptedException {
        Optional<Operation> stable = site.standing()
                .stable()
                .filter(operation -> operation.begun().blueprint().equals(blueprint))
                .filter(operation -> operation.isActive(site.route()));
        return stable.isPresent() && Vitality.answers(site, stable.get().instance()) ? stable : Optional.empty();
    }

    LedgerEntry.Begun begun(Purpose purpose, Release release, Blueprint blueprint, Optional<Operation> warm) {
        Standing standing = site.standing();
        Colour idle =
                site.route().active().map(active -> active.colour().other()).orElse(Colour.BLUE);
        return new LedgerEntry.Begun(
                standing.nextName(site.application()),
                purpose,
                release,
                warm.map(Operation::colour).orElse(idle),
                blueprint,
                standing.stable().map(Operation::name),
                warm.flatMap(Operation::instance));
    }

    private Release release(Blueprint blueprint) {
        DeploymentContext context = site.context();
        String digest = blueprint.digest();
        String version = context.commit()
                .map(commit -> commit.substring(0, Math.min(7, commit.length())))
                .orElse(digest.substring(digest.indexOf(':') + 1, Math.min(digest.length(), digest.indexOf(':') + 13)));
        return new Release(site.application(), version, digest, context.commit(), context.committedAt(), context.run());
    }

    private DeploymentFailedException failed(LedgerEntry.Begun begun, String sentence, List<String> details) {
        Standing standing = site.standing();
        return new DeploymentFailedException(
                sentence, details, Optional.of(standing.record(standing.operation(begun.deployment()))));
    }

    private LiveRelease live(Operation operation, boolean alreadyLive, Measured measured) {
        Optional<Counts> counts = operation.instance().flatMap(instance -> site.counts(instance.deployment()));
        return new LiveRelease(
                operation.release(),
                operation.colour(),
                site.traffic().address(),
                operation.switchedAt().orElse(operation.startedAt()),
                counts.map(Counts::requests).orElse(0L),
                counts.map(Counts::failed).orElse(0L),
                counts.map(Counts::replayed).orElse(0L),
                alreadyLive,
                measured);
    }
}
