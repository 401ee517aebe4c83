package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.Phase;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.Optional;

/** Out of a deployment, from wherever it stands, to where its users were before it. */
final class WayBack {

    private final Site site;

    WayBack(Site site) {
        this.site = site;
    }

    /**
     * Where the way ended.
     *
     * @param restored whether traffic is on the stable release
     * @param sentence where traffic is
     */
    record End(boolean restored, String sentence) {}

    /** Ends what is open, by the last fact the ledger has about it; a stable release is never given up. */
    End settle(String deployment, String reason) throws InterruptedException {
        site.lease().makeRoom();
        Operation operation = site.standing().operation(deployment);
        boolean has = operation.isActive(site.route());
        if (operation.phase() == Phase.SWITCHING && has) {
            site.write(new LedgerEntry.Switched(deployment, true));
        }
        return switch (operation.phase()) {
            case PREPARING, UNDOING -> undo(operation, reason);
            case SWITCHING -> has ? back(operation, reason, Optional.empty()) : undo(operation, reason);
            case SERVING, RETURNING -> back(operation, reason, Optional.empty());
            case RETIRING, OVER -> {
                new Retirement(site).of(operation);
                yield end(true);
            }
        };
    }

    /** Nothing a user can see has changed: what was started goes. */
    End undo(Operation operation, String reason) throws InterruptedException {
        if (operation.isActive(site.route())) {
            throw new TrafficUnknownException(
                    "traffic is on " + operation.name()
                            + ", which should not have it: somebody else has moved it; nothing was removed, look at the router");
        }
        if (operation.phase() != Phase.UNDOING) {
            site.write(new LedgerEntry.Removing(operation.name(), reason));
        }
        for (Instance instance : site.running()) {
            if (instance.deployment().equals(operation.name())) {
                site.stop(instance, reason);
            }
        }
        site.write(new LedgerEntry.RolledBack(operation.name(), reason));
        return end(true);
    }

    /** Users have it: back to the stable release in one swap, if that one answers; otherwise nothing is touched. */
    End back(Operation operation, String reason, Optional<Duration> detectedIn) throws InterruptedException {
        long decided = site.time().nanos();
        site.lease().makeRoom();
        site.lease().step("rolling back " + operation.name());
        Optional<Operation> stable = site.standing().stable();
        if (stable.isEmpty() && Vitality.answers(site, operation.instance())) {
            return keepTheOnlyOne(operation, reason);
        }
        if (stable.isEmpty() || !Vitality.answers(site, stable.get().instance())) {
            return needsHuman(operation, stable, reason);
        }
        Target target = stable.get().target().orElseThrow();
        boolean there = stable.get().isActive(site.route());
        if (operation.phase() != Phase.RETURNING) {
            site.write(new LedgerEntry.SwitchingBack(operation.name(), target, reason, detectedIn));
        }
        if (!there) {
            site.point(target);
        }
        Duration restoredIn = Duration.ofNanos(site.time().nanos() - decided);
        site.write(new LedgerEntry.SwitchedBack(operation.name(), there ? Optional.empty() : Optional.of(restoredIn)));
        site.say("traffic is back on " + stable.get().place() + ": " + reason);
        drainAndUndo(operation, reason);
        return new End(
                true, "traffic back on " + stable.get().place() + " " + Sentences.duration(restoredIn) + " later");
    }

    private void drainAndUndo(Operation operation, String reason) throws InterruptedException {
        Operation taken = site.standing().operation(operation.name());
        if (taken.instance().isPresent()) {
            site.drain(
                    taken.instance().get().deployment(),
                    site.options().predecessor().drain());
        }
        undo(taken, reason);
    }

    /** A first release that serves, and whose deployment was ended: there is nothing before it to go back to. */
    private End keepTheOnlyOne(Operation operation, String reason) throws InterruptedException {
        site.write(new LedgerEntry.Committed(operation.name(), "it is the only release there is; " + reason));
        new Retirement(site).of(site.standing().operation(operation.name()));
        return end(true);
    }

    private End needsHuman(Operation operation, Optional<Operation> stable, String reason) {
        String why = reason + "; "
                + stable.map(old -> old.place() + ", the last stable release, does not answer either")
                        .orElse("there is no stable release to go back to");
        site.write(new LedgerEntry.NeedsHuman(operation.name(), why));
        String sentence = "a person has to look: " + why + ". Nothing was removed, "
                + Sentences.traffic(site.standing(), site.route()) + "; deploy a release that works";
        site.say(sentence);
        return new End(false, sentence);
    }

    private End end(boolean restored) {
        return new End(restored, Sentences.traffic(site.standing(), site.route()));
    }
}
