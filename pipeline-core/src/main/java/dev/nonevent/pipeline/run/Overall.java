package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.List;

/** What the ends of the stages make of the run: the worst of them, in the words of the first of that kind. */
final class Overall {

    private Overall() {}

    /** @param inOrderOfEnd every node, the one that ended first first */
    static Outcome of(List<Node> inOrderOfEnd) {
        return inOrderOfEnd.stream()
                .filter(node -> rank(node.ended().outcome()) > 0)
                // Finds the first of several equals.
                .reduce((a, b) -> rank(b.ended().outcome()) > rank(a.ended().outcome()) ? b : a)
                .map(Overall::inItsWords)
                .orElseGet(Outcome::passed);
    }

    private static Outcome inItsWords(Node node) {
        return node.ended()
                .outcome()
                .fold(
                        end -> end,
                        end -> new Outcome.Blocked(named(node, end.failure())),
                        end -> new Outcome.Failed(named(node, end.failure())),
                        end -> new Outcome.Errored(named(node, end.failure())),
                        end -> new Outcome.Aborted(node.name() + ": " + end.why()),
                        end -> end);
    }

    private static Failure named(Node node, Failure failure) {
        return new Failure(node.name() + ": " + failure.sentence(), failure.details(), failure.thrown());
    }

    private static int rank(Outcome outcome) {
        return outcome.fold(end -> 0, end -> 1, end -> 1, end -> 2, end -> 3, end -> 0);
    }
}
