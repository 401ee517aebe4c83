package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.protocol.Fact;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.Optional;

/** Writes the facts that the protocol's table names, and says what people want to read of them. For one thread. */
final class Scribe {

    private final Site site;
    private final Findings findings;

    Scribe(Site site, Findings findings) {
        this.site = site;
        this.findings = findings;
    }

    /** Durable when this returns. */
    void write(Fact fact) {
        switch (fact) {
            case COMMITTED, REFUSED, REMOVING, SWITCHING_BACK, NEEDS_HUMAN, HELD ->
                site.lease().makeRoom();
            default -> {}
        }
        site.write(entry(fact));
        said(fact).ifPresent(site::say);
    }

    private LedgerEntry entry(Fact fact) {
        return switch (fact) {
            case BEGUN -> findings.begun.orElseThrow(() -> new IllegalStateException("nothing is to be begun"));
            case CREATING -> new LedgerEntry.Creating(name());
            case CREATED -> new LedgerEntry.Created(name(), instance());
            case HEALTHY -> new LedgerEntry.Healthy(name(), findings.evidence);
            case REFUSED -> new LedgerEntry.Refused(name(), findings.reason);
            case SHIFTING -> new LedgerEntry.Shifting(name(), target(operation()), findings.percent);
            case SHIFTED -> new LedgerEntry.Shifted(name(), findings.percent, !findings.shiftedHere);
            case SWITCHING -> new LedgerEntry.Switching(name(), site.route().active(), target(operation()));
            case SWITCHED -> new LedgerEntry.Switched(name(), !findings.switchedHere);
            case PAUSED -> new LedgerEntry.Paused(name(), findings.who);
            case RESUMED -> new LedgerEntry.Resumed(name(), findings.who);
            case SWITCHING_BACK ->
                new LedgerEntry.SwitchingBack(name(), target(stable()), findings.reason, findings.detectedIn);
            case SWITCHED_BACK ->
                new LedgerEntry.SwitchedBack(name(), findings.restoredIn.filter(took -> findings.moved));
            case REMOVING -> new LedgerEntry.Removing(name(), findings.reason);
            case ROLLED_BACK -> new LedgerEntry.RolledBack(name(), findings.reason);
            case COMMITTED -> new LedgerEntry.Committed(name(), findings.evidence);
            case DRAINING -> new LedgerEntry.Draining(name(), instance().deployment());
            case DRAINED ->
                new LedgerEntry.Drained(
                        name(), instance().deployment(), findings.drained.finished(), findings.drained.cut());
            case KEEPING ->
                new LedgerEntry.Keeping(name(), instance(), site.time().now().plus(keep()));
            case DONE -> new LedgerEntry.Done(name());
            case NEEDS_HUMAN -> new LedgerEntry.NeedsHuman(name(), findings.nobodyFit(site));
            case STOPPING -> new LedgerEntry.Stopping(instance(), findings.stopped);
            case STOPPED -> new LedgerEntry.Stopped(instance());
            case HELD -> new LedgerEntry.Held(findings.held);
            case TAKING_DOWN -> new LedgerEntry.TakingDown();
            case TAKEN_DOWN -> new LedgerEntry.TakenDown();
        };
    }

    private Optional<String> said(Fact fact) {
        return Optional.ofNullable(
                switch (fact) {
                    case HEALTHY -> operation().release().version() + " is healthy: " + findings.evidence;
                    case SHIFTED ->
                        findings.shiftedHere
                                ? findings.percent + " % of the users are on "
                                        + operation().place()
                                : null;
                    case SWITCHED ->
                        findings.switchedHere ? "traffic is on " + operation().place() : null;
                    case PAUSED ->
                        operation().release().version() + " is paused by " + findings.who
                                + ": it is watched, and goes on when somebody promotes it";
                    case RESUMED -> operation().release().version() + " goes on: " + findings.who + " wants it";
                    case SWITCHED_BACK -> "traffic is back on " + stable().place() + ": " + findings.reason;
                    case COMMITTED ->
                        operation().release().version() + " is stable: " + findings.evidence
                                + Sentences.whatUsersSaw(site, operation());
                    case DRAINED -> findings.drained.cut() == 0 ? null : cut();
                    case KEEPING -> "the release before it stays warm for " + Sentences.duration(keep());
                    case NEEDS_HUMAN -> findings.end(site);
                    default -> null;
                });
    }

    private String cut() {
        return findings.drained.cut() + " requests to " + instance().deployment() + " were cut off, "
                + Sentences.duration(site.options().predecessor().drain()) + " after it lost the traffic";
    }

    /** Not longer than can be added to a clock, whatever was declared before that was checked. */
    private Duration keep() {
        return Bounds.within(site.options().predecessor().keep());
    }

    private Instance instance() {
        return findings.instance.orElseThrow(() -> new IllegalStateException("no instance was found"));
    }

    private Operation operation() {
        return site.standing().last().orElseThrow(() -> new IllegalStateException("nothing was begun"));
    }

    private String name() {
        return operation().name();
    }

    private Operation stable() {
        return site.standing().stable().orElseThrow(() -> new IllegalStateException("no release is stable"));
    }

    private static Target target(Operation operation) {
        return operation
                .target()
                .orElseThrow(() -> new IllegalStateException(operation.name() + " has no instance to switch to"));
    }
}
