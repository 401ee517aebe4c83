package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.freeze.FreezeWindow;
import dev.nonevent.pipeline.bluegreen.freeze.Freezes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Under which terms a release may be deployed at all.
 *
 * @param pass who deploys in a freeze all the same
 */
record Terms(Freezes freezes, Optional<Freezes.Pass> pass, List<Named> guards) {

    static final Terms NONE = new Terms(Freezes.none(), Optional.empty(), List.of());

    /** A guard, and what it is called. */
    record Named(String name, Guard guard) {}

    Terms {
        guards = List.copyOf(guards);
    }

    Terms and(List<FreezeWindow> more) {
        List<FreezeWindow> windows =
                Stream.concat(freezes.windows().stream(), more.stream()).toList();
        return new Terms(new Freezes(windows), pass, guards);
    }

    Terms with(Freezes.Pass given) {
        return new Terms(freezes, Optional.of(given), guards);
    }

    Terms and(Named guard) {
        return new Terms(
                freezes, pass, Stream.concat(guards.stream(), Stream.of(guard)).toList());
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>(freezes.problems());
        guards.stream()
                .filter(guard -> guard.name().isBlank())
                .forEach(guard -> problems.add("a guard without a name says nobody who refused; give it one"));
        return problems;
    }

    /** For the plan. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        freezes.windows().forEach(window -> lines.add("nothing is deployed " + window.description()));
        pass.ifPresent(given -> lines.add(given.who() + " deploys in a freeze all the same: " + given.why()));
        guards.forEach(guard -> lines.add("asked before anything is begun: " + guard.name()));
        return lines;
    }
}
