package dev.nonevent.pipeline.run;

import java.util.List;
import java.util.stream.Collectors;

/** A run was asked for in a way it cannot start; the message names every problem, and nothing has been done. */
public final class InvalidRequestException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidRequestException(String pipeline, List<String> problems) {
        super(problems.stream()
                .map(problem -> "  - " + problem)
                .collect(Collectors.joining("\n", "pipeline \"" + pipeline + "\" cannot start:\n", "")));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
