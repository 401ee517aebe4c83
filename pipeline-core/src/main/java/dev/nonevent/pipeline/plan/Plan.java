package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Pipeline;
import java.util.List;

/** A pipeline that was checked and put in order. Data, made without any I/O. */
public final class Plan {

    private final Pipeline pipeline;
    private final List<Declaration> steps;

    private Plan(Pipeline pipeline, List<Declaration> steps) {
        this.pipeline = pipeline;
        this.steps = List.copyOf(steps);
    }

    /** @throws InvalidPipelineException with every problem at once */
    public static Plan of(Pipeline pipeline) {
        List<Problem> problems = Validation.problems(pipeline);
        if (!problems.isEmpty()) {
            throw new InvalidPipelineException(pipeline.name(), problems);
        }
        return new Plan(pipeline, pipeline.declarations());
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Each after everything it waits for. A handle exists before it is named, so the order of declaration is one. */
    public List<Declaration> steps() {
        return steps;
    }
}
