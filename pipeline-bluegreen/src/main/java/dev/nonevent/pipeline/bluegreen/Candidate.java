package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.Optional;

/** A release before it gets traffic: started on its own, asked until it is fit or out of time. */
final class Candidate {

    private final Site site;
    private final Operation operation;

    Candidate(Site site, Operation operation) {
        this.site = site;
        this.operation = operation;
    }

    /** @param took from the start of the checks to their end */
    record Proof(String evidence, Duration took) {}

    /** Every check; what was proven before and still runs is asked once. */
    Proof prove() throws InterruptedException, RefusedException {
        long began = site.time().nanos();
        Instance instance = instance();
        HealthCheck health = site.options().health();
        int inARow = operation.begun().warm().isPresent() ? 1 : health.healthyAfter();
        awaitHealthy(instance, health, inARow, began);
        for (HealthCheck smoke : site.options().checks().smoke()) {
            requireWanted(instance);
            once(instance, smoke);
        }
        Duration took = Duration.ofNanos(site.time().nanos() - began);
        return new Proof(
                (inARow == 1 ? "a good answer to " : inARow + " good answers in a row to ") + health.description()
                        + " after " + took.toMillis() + " ms",
                took);
    }

    /** It may have died since, or be wanted no more: between this and the switch is the only gap nothing can close. */
    void proveAgain() throws InterruptedException, RefusedException {
        requireRunning(instance(), "right before the switch");
        once(instance(), site.options().health());
        requireWanted(instance());
    }

    private Instance instance() {
        return operation
                .instance()
                .orElseThrow(() -> new IllegalStateException(operation.name() + " is checked without an instance"));
    }

    private void awaitHealthy(Instance instance, HealthCheck health, int inARow, long began)
            throws InterruptedException, RefusedException {
        String last = "was never asked";
        for (int good = 0; ; ) {
            requireRunning(instance, "before it was healthy");
            requireWanted(instance);
            Optional<String> problem = health.probe(instance).problem();
            site.watchdog().progress();
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
        site.watchdog().progress();
        if (answer.problem().isPresent()) {
            throw refused(instance, check.description() + " " + answer.problem().get());
        }
    }

    private void requireWanted(Instance instance) throws RefusedException {
        Optional<Orders.Order> order = site.orders().take(operation.name(), Orders.Kind.ENDS);
        if (order.isPresent()) {
            throw refused(instance, order.get().reason());
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
