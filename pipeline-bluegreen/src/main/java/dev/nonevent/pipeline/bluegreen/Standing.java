package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.protocol.Fact;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.protocol.Table;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What stands where, worked out from the ledger and from nothing else: its facts, read through the protocol's table. */
final class Standing {

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Target> predecessors = new LinkedHashMap<>();
    private final List<String> stable = new ArrayList<>();
    private final List<String> everStable = new ArrayList<>();
    private Optional<LedgerEntry.Keeping> kept = Optional.empty();
    private Optional<LedgerLine> held = Optional.empty();
    private Optional<LedgerLine> paused = Optional.empty();
    /** By deployment: what users were given since the last commit that no release before can serve with. */
    private final Map<String, String> changed = new LinkedHashMap<>();
    /** By the release that was the first to be stable with such a change: what bars the way to the one before it. */
    private final Map<String, String> bars = new HashMap<>();

    private final List<LedgerEntry.HookEnded> hooks = new ArrayList<>();

    private State state = State.IDLE;

    private Standing() {}

    static Standing of(List<LedgerLine> lines) {
        Standing standing = new Standing();
        lines.forEach(standing::take);
        lines.stream()
                .map(LedgerLine::entry)
                .filter(LedgerEntry.HookEnded.class::isInstance)
                .map(LedgerEntry.HookEnded.class::cast)
                .forEach(standing.hooks::add);
        return standing;
    }

    private void take(LedgerLine line) {
        Optional<Fact> kind = Fact.of(line.entry());
        if (kind.isPresent()) {
            state = after(kind.get(), line);
            held = kind.get() == Fact.HELD ? Optional.of(line) : Optional.empty();
        }
        if (line.entry() instanceof LedgerEntry.Begun begun) {
            operations.put(begun.deployment(), Operation.of(begun, line.at()));
        } else if (line.entry() instanceof LedgerEntry.OfDeployment fact) {
            operations.computeIfPresent(fact.deployment(), (name, known) -> known.and(fact, state, line.at()));
        }
        if (line.entry() instanceof LedgerEntry.Paused) {
            paused = Optional.of(line);
        } else if (line.entry() instanceof LedgerEntry.Acquired
                || line.entry() instanceof LedgerEntry.Resumed
                || kind.filter(Fact::moves).isPresent()) {
            paused = Optional.empty();
        }
        if (line.entry() instanceof LedgerEntry.Switching switching) {
            operation(switching.deployment())
                    .begun()
                    .irreversible()
                    .ifPresent(what -> changed.put(switching.deployment(), what));
            switching.from().ifPresent(from -> predecessors.put(switching.deployment(), from));
        } else if (line.entry() instanceof LedgerEntry.Committed committed) {
            commit(operation(committed.deployment()));
        } else if (line.entry() instanceof LedgerEntry.RolledBack gone) {
            // Nobody is taken back over such a change: so users never had it.
            changed.remove(gone.deployment());
        } else if (line.entry() instanceof LedgerEntry.Keeping keeping) {
            kept = Optional.of(keeping);
        } else if (line.entry() instanceof LedgerEntry.Stopped stopped) {
            kept = kept.filter(keeping ->
                    !keeping.old().deployment().equals(stopped.instance().deployment()));
        } else if (line.entry() instanceof LedgerEntry.TakingDown) {
            stable.clear();
            kept = Optional.empty();
            changed.clear();
        }
    }

    private State after(Fact fact, LedgerLine line) {
        if (fact == Fact.BEGUN && state == State.ENDING) {
            // Versions before the table began the next deployment without finishing a take-down that had died.
            return State.BEGUN;
        }
        return Table.BLUE_GREEN
                .after(state, fact)
                .orElseThrow(
                        () -> new InfrastructureException("the ledger's record " + line.sequence() + " says \"" + fact
                                + "\" in " + state
                                + ", which no version of the protocol this one knows does; nothing was changed:"
                                + " read the ledger and look at the router before anything else"));
    }

    /**
     * A rollback takes the place of the release it returns to; the one it left is no way back any more. And a release that
     * died and was deployed again is no way back from itself.
     */
    private void commit(Operation operation) {
        int replaced = operation.isRollBack() ? 2 : isStableAlready(operation) ? 1 : 0;
        // What takes the place of a release has the same bar behind it.
        Optional<String> bar =
                changed().or(() -> fromTheTop(replaced).map(Operation::name).map(bars::get));
        bar.ifPresent(what -> bars.put(operation.name(), what));
        changed.clear();
        stable.subList(Math.max(0, stable.size() - replaced), stable.size()).clear();
        stable.add(operation.name());
        everStable.add(operation.name());
        kept = kept.filter(keeping -> !operation
                .instance()
                .map(Instance::deployment)
                .equals(Optional.of(keeping.old().deployment())));
    }

    private boolean isStableAlready(Operation operation) {
        return stable().filter(
                        top -> top.begun().blueprint().equals(operation.begun().blueprint()))
                .isPresent();
    }

    Operation operation(String name) {
        return known(name)
                .orElseThrow(() -> new IllegalStateException("the ledger knows no deployment \"" + name + "\""));
    }

    Optional<Operation> known(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /** What a dead process has left in the middle. */
    Optional<Operation> open() {
        return last().filter(operation -> state.isOpen());
    }

    Optional<Operation> last() {
        return operations.values().stream().reduce((earlier, later) -> later);
    }

    /** Proven by its bake, and the only one that traffic goes back to. */
    Optional<Operation> stable() {
        return fromTheTop(1);
    }

    Optional<Operation> beforeStable() {
        return fromTheTop(2);
    }

    /** What bars the way back to the stable release, if something does. */
    Optional<String> barsStable() {
        return stable.isEmpty() ? Optional.empty() : changed();
    }

    private Optional<String> changed() {
        return changed.values().stream().findFirst();
    }

    /** What bars the way from the stable release to the one before it, if something does. */
    Optional<String> barsBeforeStable() {
        return stable().map(Operation::name).map(bars::get);
    }

    /** Since when it stays as it is, because a person wants it. */
    Optional<LedgerLine> paused() {
        return paused;
    }

    /** A hook that must not fail, and has, is asked once more by whoever comes next. */
    boolean hasEnded(Operation operation, NamedHook<?> hook) {
        return hooks.stream()
                .filter(ended -> ended.deployment().equals(operation.name()) && hook.is(ended.moment(), ended.hook()))
                .anyMatch(ended -> ended.problem().isEmpty() || !hook.terms().stops());
    }

    Optional<LedgerEntry.Keeping> kept() {
        return kept;
    }

    /** Who a target belongs to; the latest one, if a rollback has brought an instance back. */
    Optional<Operation> owner(Target target) {
        return operations.values().stream()
                .filter(operation -> operation.instance().stream()
                        .anyMatch(instance -> instance.deployment().equals(target.deployment())))
                .reduce((earlier, later) -> later);
    }

    /** Who had the traffic before it. */
    Optional<Target> predecessor(Operation operation) {
        return Optional.ofNullable(predecessors.get(operation.name()));
    }

    /** Where the protocol stands: what the next holder starts from. */
    State state() {
        return state;
    }

    /** Never begun, or taken down since. */
    boolean isDown() {
        return state == State.IDLE;
    }

    /** What may have to be started again: by a way back, by another one after it, or by whoever tries again what was begun last. */
    List<Blueprint> needed() {
        return isDown()
                ? List.of()
                : Stream.of(fromTheTop(1), fromTheTop(2), fromTheTop(3), last())
                        .flatMap(Optional::stream)
                        .map(operation -> operation.begun().blueprint())
                        .distinct()
                        .toList();
    }

    /** Why nothing was touched, and when, if nothing was written since. */
    Optional<LedgerLine> held() {
        return held;
    }

    String nextName(String application) {
        return application + "-" + (operations.size() + 1);
    }

    DeploymentRecord record(Operation operation) {
        return operation.record(everStable.contains(operation.name()));
    }

    /** New releases only: a way back by hand is no deployment. */
    List<DeploymentRecord> history() {
        return operations.values().stream()
                .filter(operation -> !operation.isRollBack())
                .map(this::record)
                .toList();
    }

    private Optional<Operation> fromTheTop(int place) {
        return place == 0 || stable.size() < place
                ? Optional.empty()
                : Optional.of(operation(stable.get(stable.size() - place)));
    }
}
