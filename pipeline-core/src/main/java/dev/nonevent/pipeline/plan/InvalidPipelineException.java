package dev.nonevent.pipeline.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A definition does not fit together; the message names every problem with its place. */
public final class InvalidPipelineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public InvalidPipelineException(String pipeline, List<Problem> problems) {
        super(problems.stream()
                .map(problem -> "  - " + problem)
                .collect(Collectors.joining("\n", "pipeline \"" + pipeline + "\" is not valid:\n", "")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
