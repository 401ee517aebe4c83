package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Condition;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.work.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is known right before a node would start; it remembers what a condition looked at, for the sentence of a skip. */
final class Knowledge implements Condition.Facts {

    private final Node node;
    private final Inputs inputs;
    private final Set<String> lookedAt = new LinkedHashSet<>();

    Knowledge(Node node, Inputs inputs) {
        this.node = node;
        this.inputs = inputs;
    }

    /** Why the node's conditions keep it from starting; empty if all hold. */
    Optional<String> whyNot() {
        for (Condition condition : node.declaration.options().conditions()) {
            lookedAt.clear();
            if (!condition.holds(this)) {
                List<String> parts = new ArrayList<>(lookedAt);
                parts.add("not: " + condition.text());
                return Optional.of(String.join(", ", parts));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> branch() {
        Optional<String> branch = inputs.trigger()
                .branch()
                .or(() -> checkouts(node)
                        .flatMap(checkout -> checkout.revision().branch().stream())
                        .findFirst());
        lookedAt.add(branch.map(name -> "the branch is " + name).orElse("no branch is known"));
        return branch;
    }

    @Override
    public String trigger() {
        lookedAt.add("the trigger is " + inputs.trigger().kind());
        return inputs.trigger().kind();
    }

    @Override
    public <T> T value(Parameter<T> parameter) {
        T value = inputs.value(parameter);
        lookedAt.add(parameter.name() + " is " + value);
        return value;
    }

    /** The checkouts this node builds on, nearest first. */
    static Stream<Checkout> checkouts(Node node) {
        return Graph.upstream(node).stream()
                .flatMap(before -> before.ended().value().stream())
                .filter(Checkout.class::isInstance)
                .map(Checkout.class::cast);
    }
}
