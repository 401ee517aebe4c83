package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.Optional;

/** A release before it gets traffic: started on its own, asked until it is fit or out of time. */
final class Candidate {

    private final Site site;
    private final LedgerEntry.Begun begun;

    Candidate(Site site, LedgerEntry.Begun begun) {
        this.site = site;
        this.begun = begun;
    }

    /** What runs already is not started again. */
    Instance start() throws InterruptedException {
        site.lease().step("starting " + begun.deployment());
        if (begun.warm().isPresent()) {
            return begun.warm().get();
        }
        site.say("starting " + begun.release().version() + " on " + begun.colour());
        return site.start(begun.deployment(), begun.blueprint());
    }

    /** @return from the start of the checks to their end */
    Duration prove(Instance instance) throws InterruptedException, RefusedException {
        long began = site.time().nanos();
        site.lease().step("checking " + begun.deployment());
        HealthCheck health = site.options().health();
        try {
            int inARow = begun.warm().isPresent() ? 1 : health.healthyAfter();
            awaitHealthy(instance, health, inARow, began);
            for (HealthCheck smoke : site.options().checks().smoke()) {
                once(instance, smoke);
            }
            // It may have died since: between this question and the switch is the only gap nothing can close.
            once(instance, health);
            Duration took = Duration.ofNanos(site.time().nanos() - began);
            String evidence =
                    inARow + " good answers in a row to " + health.description() + " after " + took.toMillis() + " ms";
            site.write(new LedgerEntry.Healthy(begun.deployment(), evidence));
            site.say(begun.release().version() + " is healthy: " + evidence);
            return took;
        } catch (RefusedException e) {
            site.write(new LedgerEntry.Refused(begun.deployment(), e.reason()));
            throw e;
        }
    }

    private void awaitHealthy(Instance instance, HealthCheck health, int inARow, long began)
            throws InterruptedException, RefusedException {
        String last = "was never asked";
        for (int good = 0; ; ) {
            requireRunning(instance, "before it was healthy");
            Optional<String> problem = health.probe(instance).problem();
            good = problem.isPresent() ? 0 : good + 1;
            last = problem.orElse(last);
            if (good >= inARow) {
                requireRunning(instance, "while it was checked");
                return;
            }
            if (site.time().nanos() - began >= health.within().toNanos()) {
                throw refused(
                        instance,
                        "it was not healthy within " + Sentences.duration(health.within()) + ": " + health.description()
                                + " " + last);
            }
            site.time().sleep(health.every());
        }
    }

    private void once(Instance instance, HealthCheck check) throws InterruptedException, RefusedException {
        Health answer = check.probe(instance);
        if (answer.problem().isPresent()) {
            throw refused(instance, check.description() + " " + answer.problem().get());
        }
    }

    private void requireRunning(Instance instance, String when) throws RefusedException {
        if (!site.isRunning(instance)) {
            throw refused(instance, "its process ended " + when);
        }
    }

    private RefusedException refused(Instance instance, String reason) {
        return new RefusedException(reason, site.lastLines(instance));
    }
}
