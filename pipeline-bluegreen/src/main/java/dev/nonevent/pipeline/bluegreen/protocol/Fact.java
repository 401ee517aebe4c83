package dev.nonevent.pipeline.bluegreen.protocol;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of fact that a transition writes into the ledger. What ends in {@code -ing} is an intent, written before its
 * action; the others are outcomes.
 */
public enum Fact implements Effect {
    BEGUN(LedgerEntry.Begun.class),
    CREATING(LedgerEntry.Creating.class),
    CREATED(LedgerEntry.Created.class),
    HEALTHY(LedgerEntry.Healthy.class),
    REFUSED(LedgerEntry.Refused.class),
    SHIFTING(LedgerEntry.Shifting.class),
    SHIFTED(LedgerEntry.Shifted.class),
    SWITCHING(LedgerEntry.Switching.class),
    SWITCHED(LedgerEntry.Switched.class),
    PAUSED(LedgerEntry.Paused.class),
    RESUMED(LedgerEntry.Resumed.class),
    SWITCHING_BACK(LedgerEntry.SwitchingBack.class),
    SWITCHED_BACK(LedgerEntry.SwitchedBack.class),
    REMOVING(LedgerEntry.Removing.class),
    ROLLED_BACK(LedgerEntry.RolledBack.class),
    COMMITTED(LedgerEntry.Committed.class),
    DRAINING(LedgerEntry.Draining.class),
    DRAINED(LedgerEntry.Drained.class),
    KEEPING(LedgerEntry.Keeping.class),
    DONE(LedgerEntry.Done.class),
    NEEDS_HUMAN(LedgerEntry.NeedsHuman.class),
    STOPPING(LedgerEntry.Stopping.class),
    STOPPED(LedgerEntry.Stopped.class),
    HELD(LedgerEntry.Held.class),
    TAKING_DOWN(LedgerEntry.TakingDown.class),
    TAKEN_DOWN(LedgerEntry.TakenDown.class);

    private static final Map<Class<?>, Fact> BY_KIND =
            Arrays.stream(values()).collect(toUnmodifiableMap(fact -> fact.kind, fact -> fact));

    private final Class<? extends LedgerEntry> kind;

    Fact(Class<? extends LedgerEntry> kind) {
        this.kind = kind;
    }

    /** Empty for what says nothing about a deployment: that somebody has taken the application. */
    public static Optional<Fact> of(LedgerEntry entry) {
        return Optional.ofNullable(BY_KIND.get(entry.getClass()));
    }

    /** Whether it leads the deployment to another state; what is stopped, held or paused leads nowhere. */
    public boolean moves() {
        return this != STOPPING && this != STOPPED && this != HELD && this != PAUSED && this != RESUMED;
    }
}
