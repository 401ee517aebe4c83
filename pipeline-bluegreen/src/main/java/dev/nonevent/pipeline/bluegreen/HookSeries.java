package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of one moment, one after the other, in the order in which they were declared. Each that has ended is written into
 * the ledger; the first that has failed and must not ends the series. For one caller thread.
 */
final class HookSeries implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(25);

    private final Site site;
    private final HookFacts facts;
    private final List<NamedHook<?>> due;

    private int next;
    private @Nullable Aside running;
    private Optional<String> problem = Optional.empty();

    /** @param due those that have not yet ended well */
    HookSeries(Site site, HookFacts facts, List<NamedHook<?>> due) {
        this.site = site;
        this.facts = facts;
        this.due = due;
    }

    /** Something else that may end it while it is waited for. */
    @FunctionalInterface
    interface Watch {
        Optional<String> problem() throws InterruptedException;
    }

    /** Why the deployment must not go on, if it must not; waits a moment at most for each hook that ends in it. */
    Optional<String> look() throws InterruptedException {
        // Each has a limit of its own.
        site.watchdog().progress();
        while (!isComplete()) {
            NamedHook<?> hook = due.get(next);
            Aside work = running == null ? begun(hook) : running;
            running = work;
            Optional<Aside.Ended> ended = work.look();
            if (ended.isEmpty()) {
                return Optional.empty();
            }
            running = null;
            next++;
            record(hook, ended.get());
        }
        return problem;
    }

    boolean isComplete() {
        return next == due.size() || problem.isPresent();
    }

    /** Waits for all of them. */
    Optional<String> await(Watch watch) throws InterruptedException {
        while (true) {
            Optional<String> failed = look();
            Optional<String> found = failed.isPresent() || isComplete() ? failed : watch.problem();
            if (found.isPresent() || isComplete()) {
                return found;
            }
            site.time().sleep(LOOK);
        }
    }

    /** Waits for all of them. An interrupt ends the one that runs, for good, and reaches whoever waits next. */
    void awaitPatiently() {
        try {
            await(Optional::empty);
        } catch (InterruptedException e) {
            if (running != null) {
                running.close();
                running = null;
                record(due.get(next++), new Aside.Ended(Optional.of("it was cancelled"), Duration.ZERO));
            }
            Thread.currentThread().interrupt();
        }
    }

    private Aside begun(NamedHook<?> hook) {
        return new Aside(hook.title(), () -> hook.run(facts), hook.terms().limit(), site.time());
    }

    private void record(NamedHook<?> hook, Aside.Ended ended) {
        site.ranHook();
        site.write(new LedgerEntry.HookEnded(facts.deployment(), hook.moment(), hook.name(), ended.problem()));
        Optional<String> failed = ended.problem().map(why -> "the " + hook.title() + " has failed: " + why);
        site.say(failed.orElseGet(
                () -> hook.title() + " is done after " + ended.took().toMillis() + " ms"));
        if (hook.terms().stops()) {
            problem = failed;
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
            running = null;
        }
    }
}
