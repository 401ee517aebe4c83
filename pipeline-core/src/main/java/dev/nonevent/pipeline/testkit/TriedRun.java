package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.definition.Handle;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.text.Nearest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run in a test that is over. What is expected and is not so is an {@link AssertionError} that says what was. */
public final class TriedRun {

    private final RunResult result;
    private final List<RunEvent> events;
    private final RanCommands commands;

    TriedRun(RunResult result, List<RunEvent> events, RanCommands commands) {
        this.result = result;
        this.events = List.copyOf(events);
        this.commands = commands;
    }

    public RunResult result() {
        return result;
    }

    public Outcome outcome() {
        return result.outcome();
    }

    /** What the stage made, if it passed. */
    public <T> Optional<T> value(Stage<T> stage) {
        return result.value(stage);
    }

    /** Everything anybody was told, in order. */
    public List<RunEvent> events() {
        return events;
    }

    /** What the test's commands were asked for; of all runs, if the test has run several times. */
    public RanCommands commands() {
        return commands;
    }

    public TriedStage stage(Handle handle) {
        return stage(handle.name());
    }

    /** @param name of a stage, gate or deployment */
    public TriedStage stage(String name) {
        Outcome outcome = result.outcomes().get(name);
        if (outcome == null) {
            throw new AssertionError("pipeline \"" + result.pipeline() + "\" has no stage \"" + name + "\""
                    + Nearest.hint(name, result.outcomes().keySet()));
        }
        return new TriedStage(name, outcome, log(name), commands.ofStage(name));
    }

    /** Expects that the run has passed. */
    public TriedRun passed() {
        if (!outcome().hasPassed()) {
            throw new AssertionError("the run should have passed, but is "
                    + outcome().word() + ": " + outcome().sentence() + stages());
        }
        return this;
    }

    /** Expects that the run has not passed. */
    public TriedRun didNotPass() {
        if (outcome().hasPassed()) {
            throw new AssertionError("the run should not have passed" + stages());
        }
        return this;
    }

    private List<String> log(String stage) {
        return events.stream()
                .flatMap(event -> event instanceof RunEvent.StageOutput output
                                && output.stage().equals(stage)
                        ? Optional.of(output.line()).stream()
                        : event instanceof RunEvent.DeploymentProgress progress
                                        && progress.stage().equals(stage)
                                ? Optional.of(progress.line()).stream()
                                : Optional.<String>empty().stream())
                .toList();
    }

    private String stages() {
        return result.outcomes().entrySet().stream()
                .map(each -> "\n  " + each.getKey() + ": " + each.getValue().word()
                        + (each.getValue().sentence().isEmpty()
                                ? ""
                                : ", " + each.getValue().sentence()))
                .collect(Collectors.joining());
    }
}
