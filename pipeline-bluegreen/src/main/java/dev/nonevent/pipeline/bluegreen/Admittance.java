package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.DeploymentLedger;
import dev.nonevent.pipeline.bluegreen.ledger.Lease;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerHeldException;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The application for whoever comes while another process is at work on it: after a time the pipeline allows, or at once an
 * error that says who, at what, since when. A release whose commit is newer makes an older one give way that is not yet proven.
 */
final class Admittance {

    private static final Duration LOOK = Duration.ofMillis(100);

    /** For the end of the instance that gives way, and a busy disk. */
    private static final Duration LEAVING = Duration.ofSeconds(30);

    private final Site.Opening opening;
    private final DeploymentLedger ledger;
    private Optional<String> toldToGiveWay = Optional.empty();

    Admittance(Site.Opening opening, DeploymentLedger ledger) {
        this.opening = opening;
        this.ledger = ledger;
    }

    /** @param deploys whether it is for a release, which may be newer than the one under way */
    Lease take(String step, boolean deploys) throws InterruptedException {
        DeploymentContext context = opening.context();
        long began = context.time().nanos();
        for (boolean first = true; ; first = false) {
            try {
                return ledger.acquire(step);
            } catch (LedgerHeldException held) {
                if (deploys) {
                    supersede();
                }
                if (context.time().nanos() - began >= patience().toNanos()) {
                    throw held;
                }
                if (first) {
                    context.progress().accept("waiting: " + held.getMessage());
                }
                context.time().sleep(LOOK);
            }
        }
    }

    private Duration patience() {
        Duration said = opening.options().terms().patience();
        if (toldToGiveWay.isEmpty()) {
            return said;
        }
        Duration leaving = new WorstCase(opening.options())
                .back()
                .plus(opening.options().predecessor().drain())
                .plus(LEAVING);
        return said.compareTo(leaving) > 0 ? said : leaving;
    }

    /** Each deployment is told once. */
    private void supersede() {
        DeploymentContext context = opening.context();
        Optional<Operation> older = Standing.of(ledger.read())
                .open()
                .filter(open -> !open.state().isProven() && !open.isRollBack())
                .filter(open -> isOlder(open.release()))
                .filter(open -> !toldToGiveWay.equals(Optional.of(open.name())));
        if (older.isPresent()) {
            String who = context.commit().orElse("a newer commit") + ", committed at "
                    + context.committedAt().map(Instant::toString).orElse("an unknown time");
            toldToGiveWay = older.map(Operation::name);
            context.progress().accept(older.get().release().version() + " is older and not yet proven: it gives way");
            new Orders(opening.directory())
                    .give(new Orders.Order(Orders.Kind.SUPERSEDE, older.get().name(), who));
        }
    }

    private boolean isOlder(Release release) {
        Optional<Instant> ours = opening.context().committedAt();
        return ours.isPresent()
                && release.committedAt()
                        .filter(theirs -> theirs.isBefore(ours.get()))
                        .isPresent();
    }
}
