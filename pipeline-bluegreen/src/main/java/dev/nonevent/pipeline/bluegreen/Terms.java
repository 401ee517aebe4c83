package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Under which terms a release may be deployed at all.
 *
 * @param pass who deploys in a freeze all the same
 * @param irreversible what the release changes so that no release before it can serve any more
 * @param patience how long to wait for somebody else who is at work
 * @param stall how long a deployment may come no further before it is given up
 */
record Terms(
        Freezes freezes,
        Optional<Freezes.Pass> pass,
        List<Named> guards,
        Optional<String> irreversible,
        Duration patience,
        Duration stall) {

    static final Terms NONE = new Terms(
            Freezes.none(), Optional.empty(), List.of(), Optional.empty(), Duration.ZERO, Duration.ofMinutes(10));

    /** A guard, and what it is called. */
    record Named(String name, Guard guard) {

        Named {
            Objects.requireNonNull(name, "a guard has no name");
            Objects.requireNonNull(guard, "a guard has nothing to say");
        }
    }

    Terms {
        guards = List.copyOf(guards);
        Objects.requireNonNull(patience, "nobody says how long to wait for the lock");
        Objects.requireNonNull(stall, "nobody says within what time progress is made");
    }

    Terms and(List<FreezeWindow> more) {
        List<FreezeWindow> windows =
                Stream.concat(freezes.windows().stream(), more.stream()).toList();
        return new Terms(new Freezes(windows), pass, guards, irreversible, patience, stall);
    }

    Terms with(Freezes.Pass given) {
        return new Terms(freezes, Optional.of(given), guards, irreversible, patience, stall);
    }

    Terms and(Named guard) {
        List<Named> more = Stream.concat(guards.stream(), Stream.of(guard)).toList();
        return new Terms(freezes, pass, more, irreversible, patience, stall);
    }

    Terms withIrreversible(String what) {
        return new Terms(
                freezes,
                pass,
                guards,
                Optional.of(Objects.requireNonNull(what, "nobody says what is irreversible")),
                patience,
                stall);
    }

    Terms with(Duration longest) {
        return new Terms(freezes, pass, guards, irreversible, longest, stall);
    }

    Terms withStall(Duration longest) {
        return new Terms(freezes, pass, guards, irreversible, patience, longest);
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>(freezes.problems());
        guards.stream()
                .filter(guard -> guard.name().isBlank())
                .forEach(guard -> problems.add("a guard without a name says nobody who refused; give it one"));
        irreversible
                .filter(String::isBlank)
                .ifPresent(
                        what -> problems.add("what cannot be undone has no name; say irreversible(\"drop column\")"));
        if (patience.isNegative()) {
            problems.add("nobody waits " + patience + " for the lock; say a time above zero");
        }
        guards.forEach(guard -> Bounds.unreadable("the guard", guard.name()).ifPresent(problems::add));
        irreversible.flatMap(what -> Bounds.unreadable("irreversible", what)).ifPresent(problems::add);
        freezes.windows()
                .forEach(window -> Bounds.unreadable("the reason of a freeze", window.reason())
                        .ifPresent(problems::add));
        pass.ifPresent(given -> {
            if (given.who().isBlank() || given.why().isBlank()) {
                problems.add("who deploys in a freeze says who it is and why it cannot wait; it is written down");
            }
            Bounds.unreadable("who deploys in a freeze", given.who()).ifPresent(problems::add);
            Bounds.unreadable("why it cannot wait", given.why()).ifPresent(problems::add);
        });
        Bounds.tooLong("to wait for the lock for", patience).ifPresent(problems::add);
        return problems;
    }

    /** For the plan. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        freezes.windows().forEach(window -> lines.add("nothing is deployed " + window.description()));
        pass.ifPresent(given -> lines.add(given.who() + " deploys in a freeze all the same: " + given.why()));
        irreversible.ifPresent(what ->
                lines.add("irreversible (" + what + "): once users have it nobody goes back, a person is asked for"));
        guards.forEach(guard -> lines.add("asked before anything is begun: " + guard.name()));
        return lines;
    }
}
