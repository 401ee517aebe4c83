package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.hook.Hook;
import dev.nonevent.pipeline.bluegreen.hook.HookFacts;
import dev.nonevent.pipeline.bluegreen.hook.HookTerms;
import dev.nonevent.pipeline.bluegreen.ledger.Moment;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A hook as a pipeline has declared it.
 *
 * @param told what it is told at its moment
 */
record NamedHook<F extends HookFacts>(
        Moment moment, Class<F> told, String name, Hook<? super F> hook, HookTerms terms) {

    NamedHook {
        Objects.requireNonNull(name, "a hook has no name");
        Objects.requireNonNull(hook, "a hook has nothing to do");
        Objects.requireNonNull(terms, "a hook has no terms");
        Objects.requireNonNull(terms.limit(), "a hook has no time to run");
    }

    static NamedHook<?> beforeStart(String name, Hook<? super HookFacts.BeforeStart> hook, HookTerms terms) {
        return new NamedHook<>(Moment.BEFORE_START, HookFacts.BeforeStart.class, name, hook, terms);
    }

    static NamedHook<?> beforeSwitch(String name, Hook<? super HookFacts.BeforeSwitch> hook, HookTerms terms) {
        return new NamedHook<>(Moment.BEFORE_SWITCH, HookFacts.BeforeSwitch.class, name, hook, terms);
    }

    static NamedHook<?> afterSwitch(String name, Hook<? super HookFacts.AfterSwitch> hook, HookTerms terms) {
        return new NamedHook<>(Moment.AFTER_SWITCH, HookFacts.AfterSwitch.class, name, hook, terms);
    }

    static NamedHook<?> onRollback(String name, Hook<? super HookFacts.Rollback> hook, Duration limit) {
        HookTerms terms = HookTerms.mayFail().within(limit);
        return new NamedHook<>(Moment.ON_ROLLBACK, HookFacts.Rollback.class, name, hook, terms);
    }

    static NamedHook<?> onFailure(String name, Hook<? super HookFacts.Failure> hook, Duration limit) {
        HookTerms terms = HookTerms.mayFail().within(limit);
        return new NamedHook<>(Moment.ON_FAILURE, HookFacts.Failure.class, name, hook, terms);
    }

    void run(HookFacts facts) throws Exception {
        hook.run(told.cast(facts));
    }

    /** Whether it runs while what follows may still be stopped. */
    boolean couldStopIt() {
        return moment != Moment.ON_ROLLBACK && moment != Moment.ON_FAILURE;
    }

    boolean is(Moment asked, String called) {
        return moment == asked && name.equals(called);
    }

    /** {@code hook "migrate" before the start}. */
    String title() {
        return "hook \"" + Bounds.visible(name) + "\" " + moment;
    }

    /** For the plan. */
    String line() {
        String takes = title() + ", " + WorstCase.duration(terms.limit()) + " at most";
        return switch (moment) {
            case BEFORE_START, BEFORE_SWITCH ->
                takes + (terms.stops() ? "; the release is refused if it fails" : "; it may fail");
            case AFTER_SWITCH -> takes + (terms.stops() ? "; users go back if it fails" : "; it may fail");
            case ON_ROLLBACK, ON_FAILURE -> takes;
        };
    }

    private Optional<String> unreadable() {
        return Bounds.unreadable("the hook " + moment, name);
    }

    /** What is wrong with it by itself. */
    Optional<String> problem() {
        Duration limit = terms.limit();
        if (name.isBlank()) {
            return Optional.of(
                    "a hook " + moment + " has no name, and nobody could say which one has failed; give it one");
        } else if (limit.isZero() || limit.isNegative()) {
            return Optional.of("the " + title() + " has " + limit + " to run; say a time above zero");
        }
        return unreadable().or(() -> Bounds.tooLong("to run the " + title() + " for", limit));
    }
}
