package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.DeploymentLedger;
import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.function.Consumer;

/** One holder at work on an application: taken, fenced, and left again whatever happens. */
final class Hold {

    static final String DEPLOYING = "deploying";

    private final Site.Opening opening;
    private final DeploymentLedger ledger;

    Hold(Site.Opening opening, DeploymentLedger ledger) {
        this.opening = opening;
        this.ledger = ledger;
    }

    /** What is done while the application is held. */
    @FunctionalInterface
    interface Verb<T> {
        T on(Site site) throws InterruptedException;
    }

    /** @param first refuses by the ledger alone, before a router is opened or started for it */
    <T> T on(String step, Consumer<Standing> first, Verb<T> verb) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("cancelled before " + step);
        }
        Consumer<String> progress = opening.context().progress();
        try (Lease lease = new Admittance(opening, ledger).take(step, step.equals(DEPLOYING));
                Watchdog watchdog = opening.watchdog(step)) {
            lease.repaired().ifPresent(progress);
            if (Standing.of(lease.lines()).state() == State.ENDING) {
                progress.accept("taking it down was left unfinished: " + takenDown(lease, watchdog));
            }
            first.accept(Standing.of(lease.lines()));
            return watchdog.watching(() -> {
                try (Site site = Site.open(opening, lease, watchdog)) {
                    return carriedOut(site, verb);
                }
            });
        } catch (StaleFenceException e) {
            throw overtaken(step, e);
        }
    }

    /** Ends it all. */
    String takenDown() throws InterruptedException {
        try (Lease lease = ledger.acquire("taking it down");
                Watchdog watchdog = opening.watchdog("taking it down")) {
            return watchdog.watching(() -> takenDown(lease, watchdog));
        } catch (StaleFenceException e) {
            throw overtaken("taking it down", e);
        }
    }

    private String takenDown(Lease lease, Watchdog watchdog) throws InterruptedException {
        try (Site site = Site.found(opening, lease, watchdog)) {
            return new TakeDown(site).run();
        }
    }

    private InfrastructureException overtaken(String step, StaleFenceException e) {
        return new InfrastructureException(
                "\"" + opening.application() + "\" was taken over while " + step
                        + ", or its ledger is an older one than its router"
                        + " has seen (" + e.getMessage() + "); nothing was changed after that. Look at the status; if"
                        + " the ledger was lost, put it back, or end the router and what runs by hand",
                e);
    }

    /** A first release that was refused or cancelled leaves no router behind that has nobody to send its users to. */
    private static <T> T carriedOut(Site site, Verb<T> verb) throws InterruptedException {
        try {
            new Execution(site).follow(Event.TAKEN);
            T said = verb.on(site);
            site.survey().after();
            return said;
        } catch (DeploymentFailedException | InterruptedException e) {
            site.survey().after();
            site.endIdleTraffic();
            throw e;
        } catch (RuntimeException e) {
            site.survey().after();
            throw e;
        }
    }
}
