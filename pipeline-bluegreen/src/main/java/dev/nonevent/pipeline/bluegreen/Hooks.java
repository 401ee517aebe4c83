package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerLine;
import dev.nonevent.pipeline.bluegreen.ledger.Moment;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.Release;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The hooks of one deployment at their moments. A way back by hand runs none of those that could stop it. What a dead process
 * has seen end well does not run again.
 */
final class Hooks {

    private static final int ALL = 100;

    private final Site site;
    private final Operation operation;

    Hooks(Site site, Operation operation) {
        this.site = site;
        this.operation = operation;
    }

    /** What part of the users gets it first. */
    @FunctionalInterface
    interface Part {
        int percent() throws InterruptedException;
    }

    /** Nothing of it runs yet. */
    void beforeStart() throws InterruptedException, RefusedException {
        requireAll(series(
                Moment.BEFORE_START,
                new HookFacts.BeforeStart(operation.name(), operation.release(), operation.colour(), stable())));
    }

    /** @param part empty if all get it at once; asked only if somebody is told */
    void beforeSwitch(Part part) throws InterruptedException, RefusedException {
        if (due(Moment.BEFORE_SWITCH).isEmpty()) {
            return;
        }
        int percent = part.percent();
        requireAll(series(
                Moment.BEFORE_SWITCH,
                new HookFacts.BeforeSwitch(
                        operation.name(),
                        operation.release(),
                        operation.colour(),
                        stable(),
                        address(),
                        percent == 0 ? ALL : percent)));
    }

    /** All users have it; for whoever watches it meanwhile. */
    HookSeries afterSwitch() {
        List<NamedHook<?>> due = due(Moment.AFTER_SWITCH);
        return new HookSeries(
                site,
                new HookFacts.AfterSwitch(
                        operation.name(), operation.release(), operation.colour(), stable(), address()),
                due);
    }

    /** Users are back on the stable release, if they had another; what they had still runs. */
    void onRollback(String reason) {
        if (operation.switchedAt().isEmpty() || operation.isRollBack()) {
            return;
        }
        tell(
                Moment.ON_ROLLBACK,
                new HookFacts.Rollback(
                        operation.name(),
                        operation.release(),
                        operation.colour(),
                        stable(),
                        operation.instance().map(Instance::address),
                        written().orElse(reason),
                        operation.failure().detectedIn()));
    }

    /** The same for a way back by hand, if this is one: it is stable, and users have left that one. */
    void onRollbackFrom(Operation left) {
        if (!operation.isRollBack()) {
            return;
        }
        tell(
                Moment.ON_ROLLBACK,
                new HookFacts.Rollback(
                        operation.name(),
                        left.release(),
                        left.colour(),
                        stable(),
                        left.instance().map(Instance::address),
                        "it was rolled back by hand",
                        Optional.empty()));
    }

    /** Nothing of it runs any more. */
    void onUndone(String reason) {
        boolean hadUsers = operation.switchedAt().isPresent();
        onFailure(hadUsers ? HookFacts.End.ROLLED_BACK : HookFacts.End.REFUSED, reason);
    }

    void onFailure(HookFacts.End end, String reason) {
        tell(
                Moment.ON_FAILURE,
                new HookFacts.Failure(
                        operation.name(),
                        operation.release(),
                        operation.colour(),
                        stable(),
                        end,
                        written().orElse(reason),
                        operation.failure().detectedIn()));
    }

    /** Nothing is stopped by them: who cancels meanwhile cancels the hook, and what follows. */
    private void tell(Moment moment, HookFacts facts) {
        try (HookSeries told = series(moment, facts)) {
            told.awaitPatiently();
        }
    }

    /** Why it did not stay, as the process has written that gave it up. */
    private Optional<String> written() {
        return site.lease().lines().stream()
                .map(LedgerLine::entry)
                .filter(LedgerEntry.OfDeployment.class::isInstance)
                .map(LedgerEntry.OfDeployment.class::cast)
                .filter(fact -> fact.deployment().equals(operation.name()))
                .flatMap(fact -> reason(fact).stream())
                .findFirst();
    }

    private static Optional<String> reason(LedgerEntry.OfDeployment fact) {
        if (fact instanceof LedgerEntry.SwitchingBack back) {
            return Optional.of(back.reason());
        } else if (fact instanceof LedgerEntry.Refused refused) {
            return Optional.of(refused.reason());
        } else if (fact instanceof LedgerEntry.Removing removing) {
            return Optional.of(removing.reason());
        }
        return fact instanceof LedgerEntry.NeedsHuman needed ? Optional.of(needed.why()) : Optional.empty();
    }

    private void requireAll(HookSeries begun) throws InterruptedException, RefusedException {
        try (HookSeries series = begun) {
            Optional<String> problem = series.await(
                    () -> site.orders().take(operation.name(), Orders.Kind.ENDS).map(Orders.Order::reason));
            if (problem.isPresent()) {
                throw new RefusedException(problem.get(), List.of());
            }
        }
    }

    private HookSeries series(Moment moment, HookFacts facts) {
        List<NamedHook<?>> due = due(moment);
        if (!due.isEmpty()) {
            site.step("running the hooks of", operation, " " + moment);
        }
        return new HookSeries(site, facts, due);
    }

    private List<NamedHook<?>> due(Moment moment) {
        Standing standing = site.standing();
        return site.options().notices().at(moment).stream()
                .filter(hook -> !operation.isRollBack() || !hook.couldStopIt())
                .filter(hook -> !standing.hasEnded(operation, hook))
                .toList();
    }

    private Optional<Release> stable() {
        return site.standing().stable().map(Operation::release);
    }

    private URI address() {
        return operation
                .instance()
                .map(Instance::address)
                .orElseThrow(() -> new IllegalStateException(operation.name() + " has no instance to be switched to"));
    }
}
