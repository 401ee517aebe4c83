package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.FinishedRun;
import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What came of a run: immutable, asked by handle. */
public final class RunResult implements FinishedRun {

    private final String pipeline;
    private final String id;
    private final Outcome outcome;
    private final Duration took;
    private final Graph graph;

    RunResult(String pipeline, String id, Outcome outcome, Duration took, Graph graph) {
        this.pipeline = pipeline;
        this.id = id;
        this.outcome = outcome;
        this.took = took;
        this.graph = graph;
    }

    @Override
    public String pipeline() {
        return pipeline;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    /** @throws IllegalArgumentException if the handle is of another pipeline */
    @Override
    public Outcome outcome(Handle handle) {
        return graph.node(handle).ended().outcome();
    }

    /** Every stage and gate by its name, in the order of the plan. */
    public Map<String, Outcome> outcomes() {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        graph.nodes().forEach(node -> outcomes.put(node.name(), node.ended().outcome()));
        return outcomes;
    }

    /** @throws IllegalArgumentException if the handle is of another pipeline */
    @Override
    @SuppressWarnings("unchecked") // the compiler held the stage's body to the type of its handle
    public <T> Optional<T> value(Stage<T> stage) {
        return (Optional<T>) graph.node(stage).ended().value();
    }

    @Override
    public String firstProblem() {
        return outcome.hasPassed() ? "nothing" : outcome.sentence();
    }

    @Override
    public Duration took() {
        return took;
    }

    @Override
    public String toString() {
        return pipeline + " " + id + ": " + outcome.word() + (outcome.hasPassed() ? "" : ", " + firstProblem());
    }
}
