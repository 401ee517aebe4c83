package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Ends the application: first its users are turned away, then what runs is stopped. */
final class TakeDown {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Site.Opening opening;
    private final Lease lease;

    TakeDown(Site.Opening opening, Lease lease) {
        this.opening = opening;
        this.lease = lease;
    }

    String run() throws InterruptedException {
        Optional<Traffic> traffic = opening.options().switcher().find(opening.application(), opening.directory());
        // One that cannot be asked, or obeys somebody else, stays; then nothing may be written that says otherwise.
        traffic.ifPresent(open -> open.raiseFence(lease.fence()));
        lease.append(new LedgerEntry.TakingDown());
        opening.failpoint().at("after TakingDown");
        if (traffic.isPresent()) {
            try (Traffic open = traffic.get()) {
                open.shutDown(lease.fence());
            }
        }
        opening.failpoint().at("after the effect of TakingDown");
        List<Instance> running =
                opening.host().running(opening.application(), opening.context().home());
        for (Instance instance : running) {
            opening.host().stop(instance, GRACE);
        }
        lease.append(new LedgerEntry.TakenDown());
        return "\"" + opening.application() + "\" is down: " + running.size() + " instances stopped, "
                + (traffic.isPresent() ? "its router ended" : "no router was running") + "; its ledger stays";
    }
}
