package dev.nonevent.pipeline.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A command that a stage has asked for.
 *
 * @param directory where, relative to the stage's workspace; empty text for the workspace itself
 * @param variables the names of the variables it got; their values may be secrets
 */
public record RanCommand(String stage, List<String> argv, Path directory, Set<String> variables) {

    public RanCommand {
        argv = List.copyOf(argv);
        variables = Set.copyOf(variables);
    }

    /** The words, for people. */
    public String line() {
        return String.join(" ", argv);
    }
}
