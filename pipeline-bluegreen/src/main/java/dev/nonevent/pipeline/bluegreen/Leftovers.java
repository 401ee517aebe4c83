package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What runs and is needed by no deployment: of processes that died, and what was kept warm long enough. */
final class Leftovers {

    private final Site site;

    Leftovers(Site site) {
        this.site = site;
    }

    /** The first of them. */
    Optional<Instance> unneeded() {
        return first(false);
    }

    /** What is kept warm, though its time is not over; if nothing is, the first of them. */
    Optional<Instance> kept() {
        return first(true);
    }

    private Optional<Instance> first(boolean makesRoom) {
        Standing standing = site.standing();
        Route route = site.route();
        List<Instance> running = site.running();
        Optional<String> kept = standing.kept().map(keeping -> keeping.old().deployment());
        Set<String> needed = makesRoom ? proven(standing, route) : needed(standing, route);
        // While nothing that runs has the traffic, any of these may be the last one that can take it.
        boolean served = running.stream()
                .anyMatch(
                        instance -> route.active().map(Target::deployment).equals(Optional.of(instance.deployment())));
        return running.stream()
                .filter(instance -> served && !needed.contains(instance.deployment()))
                .min(Comparator.comparing(instance -> !kept.equals(Optional.of(instance.deployment()))));
    }

    private Set<String> needed(Standing standing, Route route) {
        Set<String> needed = proven(standing, route);
        Instant now = site.time().now();
        standing.kept()
                .filter(kept -> kept.until().isAfter(now))
                .ifPresent(kept -> needed.add(kept.old().deployment()));
        return needed;
    }

    private static Set<String> proven(Standing standing, Route route) {
        Set<String> needed = new HashSet<>();
        standing.stable().flatMap(Operation::instance).map(Instance::deployment).ifPresent(needed::add);
        route.routing().targets().forEach(target -> needed.add(target.deployment()));
        return needed;
    }
}
