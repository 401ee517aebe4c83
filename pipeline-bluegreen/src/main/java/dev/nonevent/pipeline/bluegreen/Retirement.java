package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What becomes of instances that do not have the traffic any more. */
final class Retirement {

    private static final Drained NOTHING = Drained.nothing();

    private final Site site;

    Retirement(Site site) {
        this.site = site;
    }

    /**
     * The predecessor of a stable release: it answers for it no more, its requests end, then it is kept warm or goes.
     * Forward only.
     */
    Drained of(Operation operation) throws InterruptedException {
        if (operation.isOver()) {
            return NOTHING;
        }
        site.dismissStandby();
        Optional<Instance> old = predecessor(operation);
        Drained drained = NOTHING;
        if (old.isPresent() && !(operation.last() instanceof LedgerEntry.Keeping)) {
            try {
                drained = drain(operation, old.get());
                keepOrStop(operation, old.get());
            } catch (InterruptedException e) {
                // The release is live and stays; its predecessor ends its requests and goes when somebody looks next.
                keep(operation, old.get());
                Thread.currentThread().interrupt();
            }
        }
        site.write(new LedgerEntry.Done(operation.name()));
        return drained;
    }

    private Drained drain(Operation operation, Instance old) throws InterruptedException {
        site.lease().step("draining " + old.deployment());
        site.write(new LedgerEntry.Draining(operation.name(), old.deployment()));
        Drained drained =
                site.drain(old.deployment(), site.options().predecessor().drain());
        site.write(new LedgerEntry.Drained(operation.name(), old.deployment(), drained.finished(), drained.cut()));
        if (drained.cut() > 0) {
            site.say(drained.cut() + " requests to " + old.deployment() + " were cut off, "
                    + Sentences.duration(site.options().predecessor().drain()) + " after it lost the traffic");
        }
        return drained;
    }

    private void keepOrStop(Operation operation, Instance old) throws InterruptedException {
        boolean wayBack = site.standing()
                .beforeStable()
                .flatMap(Operation::instance)
                .filter(old::equals)
                .isPresent();
        if (wayBack
                && !operation.isRollBack()
                && !site.options().predecessor().keep().isZero()) {
            keep(operation, old);
        } else {
            site.stop(old, operation.name() + " has taken its place");
        }
    }

    private void keep(Operation operation, Instance old) {
        Duration keep = site.options().predecessor().keep();
        site.write(
                new LedgerEntry.Keeping(operation.name(), old, site.time().now().plus(keep)));
        site.say("the release before it stays warm for " + Sentences.duration(keep));
    }

    private Optional<Instance> predecessor(Operation operation) {
        Standing standing = site.standing();
        return standing.predecessor(operation)
                .flatMap(standing::owner)
                .flatMap(Operation::instance)
                .filter(site::isRunning);
    }

    /**
     * Stops what no deployment needs any more: leftovers of processes that died, and what was kept warm long enough.
     *
     * @param makeRoom whether what is kept warm goes too
     */
    void sweep(boolean makeRoom) throws InterruptedException {
        Standing standing = site.standing();
        Route route = site.route();
        List<Instance> running = site.running();
        Set<String> needed = needed(standing, makeRoom);
        route.routing().targets().forEach(target -> needed.add(target.deployment()));
        boolean served = running.stream()
                .anyMatch(
                        instance -> route.active().map(Target::deployment).equals(Optional.of(instance.deployment())));
        // While nothing that runs has the traffic, any of these may be the last one that can take it.
        if (served) {
            for (Instance instance : running) {
                if (!needed.contains(instance.deployment())) {
                    site.stop(instance, "no deployment needs it any more");
                }
            }
        }
    }

    private Set<String> needed(Standing standing, boolean makeRoom) {
        Set<String> needed = new HashSet<>();
        standing.open().flatMap(Operation::instance).map(Instance::deployment).ifPresent(needed::add);
        standing.open().map(Operation::name).ifPresent(needed::add);
        standing.stable().flatMap(Operation::instance).map(Instance::deployment).ifPresent(needed::add);
        Instant now = site.time().now();
        standing.kept()
                .filter(kept -> !makeRoom && kept.until().isAfter(now))
                .ifPresent(kept -> needed.add(kept.old().deployment()));
        return needed;
    }
}
