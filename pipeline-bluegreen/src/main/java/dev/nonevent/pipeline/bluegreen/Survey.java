package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry.Observed;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerPoisonedException;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.deployment.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is to be seen of users before a deployment and after it, written into the ledger for its report. Whatever hinders it is
 * said, and hinders nothing else: by then traffic is safe. For one thread.
 */
final class Survey {

    private final Site site;
    private final Map<String, Long> seen = new HashMap<>();
    private Optional<Observed.Drain> drained = Optional.empty();
    private boolean startedAgain;

    Survey(Site site) {
        this.site = site;
    }

    /** Whoever watches a release tells each look: only so is a switcher noticed that has forgotten what it counted. */
    void saw(List<Counts> counts) {
        for (Counts each : counts) {
            Long before = seen.put(each.deployment(), each.requests());
            startedAgain |= before != null && each.requests() < before;
        }
    }

    /** Users were taken from a release: on the way forward that is a fact of its own. */
    void drained(String deployment, Drained how) {
        drained = Optional.of(new Observed.Drain(deployment, how.finished(), how.cut()));
    }

    /** What is counted from here on is the next deployment's. A ledger that does not take this takes nothing of it either. */
    void before() {
        if (site.standing().last().isPresent()) {
            try {
                look();
            } catch (LedgerPoisonedException e) {
                throw e;
            } catch (RuntimeException e) {
                doWithout(e);
            }
        }
    }

    /** If the last deployment is over, and nobody has looked since. */
    void after() {
        if (site.standing().last().isPresent()
                && Chapter.isUnobserved(site.lease().lines())) {
            try {
                look();
            } catch (RuntimeException e) {
                doWithout(e);
            }
        }
    }

    private void look() {
        site.write(observed());
        drained = Optional.empty();
        startedAgain = false;
    }

    private void doWithout(RuntimeException e) {
        site.say("the report has to do without what users were answered: " + e.getMessage());
    }

    private Observed observed() {
        List<Counts> counts = site.traffic().counts();
        saw(counts);
        Set<String> concerned = concerned();
        return new Observed(
                shares(site.route().routing()),
                counts.stream()
                        .filter(each -> concerned.contains(each.deployment()))
                        .map(each -> new Observed.Count(
                                each.colour(), each.deployment(), each.requests(), each.failed(), each.replayed()))
                        .toList(),
                drained,
                startedAgain);
    }

    private static List<Observed.Share> shares(Routing routing) {
        int part = routing.canary().map(Canary::percent).orElse(0);
        List<Observed.Share> shares = new ArrayList<>();
        routing.active().ifPresent(all -> shares.add(share(all, 100 - part)));
        routing.canary().ifPresent(canary -> shares.add(share(canary.target(), part)));
        return shares;
    }

    private static Observed.Share share(Target target, int percent) {
        return new Observed.Share(target.colour(), target.deployment(), percent);
    }

    /** A switcher knows many that are long gone. */
    private Set<String> concerned() {
        Standing standing = site.standing();
        Set<String> concerned = new HashSet<>();
        Stream.of(standing.last(), standing.stable(), standing.beforeStable())
                .flatMap(Optional::stream)
                .flatMap(operation -> operation.instance().stream())
                .map(Instance::deployment)
                .forEach(concerned::add);
        standing.last().flatMap(standing::predecessor).map(Target::deployment).ifPresent(concerned::add);
        return concerned;
    }
}
