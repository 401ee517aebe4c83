package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * Why a node must not start, given how those before it ended: a value or a verdict that is missing, or an order that
 * leads through something that went wrong. An order through something that was skipped by its own condition is none.
 */
final class Obstacle {

    private Obstacle() {}

    /** The ending of a node that everything before has ended, if it must not start; what went wrong is named first. */
    static Optional<Ending> of(Node node) {
        List<Ending> obstacles = node.before.stream()
                .flatMap(before -> between(before, node.declaration).stream())
                .toList();
        return obstacles.stream()
                .filter(ending -> !ending.byChoice())
                .findFirst()
                .or(() -> obstacles.stream().findFirst());
    }

    private static Optional<Ending> between(Node before, Declaration declaration) {
        Ending ended = before.ended();
        if (ended.outcome().hasPassed()) {
            return Optional.empty();
        }
        Handle handle = before.declaration.handle();
        String what = before.name() + ", which " + how(ended.outcome());
        if (declaration.gates().contains(handle)) {
            return Optional.of(skipped("requires " + what, ended));
        } else if (declaration.inputs().contains(handle)) {
            return Optional.of(skipped("needs " + what, ended));
        }
        return ended.byChoice() ? Optional.empty() : Optional.of(skipped("comes after " + what, ended));
    }

    private static Ending skipped(String why, Ending before) {
        return before.byChoice() ? Ending.unwanted(why) : Ending.prevented(why);
    }

    private static String how(Outcome outcome) {
        return outcome.fold(
                end -> "passed",
                end -> "is blocked",
                end -> "failed",
                end -> "errored",
                end -> "was stopped",
                end -> "was skipped");
    }
}
