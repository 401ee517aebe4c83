package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.text.Nearest;
import dev.nonevent.pipeline.work.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline that was checked and put in order. Data, made without any I/O; the same pipeline always gives the same
 * texts, so that two plans can be compared in a review.
 */
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

    /** @throws IllegalArgumentException if there is no such stage or gate, naming the nearest */
    public Declaration step(String name) {
        return steps.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("pipeline \"" + pipeline.name() + "\" has no stage \""
                        + name + "\""
                        + Nearest.hint(
                                name, steps.stream().map(Declaration::name).toList())));
    }

    /** For people: what each stage waits for, when and where it runs, what it deploys. */
    public String text() {
        return new PlanText(this, Optional.empty()).toString();
    }

    /** A flow chart in Mermaid's language, which code hosts draw. */
    public String mermaid() {
        return new PlanMermaid(this).toString();
    }

    /** In the language of Graphviz; {@code dot -Tsvg} draws it. */
    public String dot() {
        return new PlanDot(this).toString();
    }

    /**
     * What a run would do that is started like this.
     *
     * @param parameters text by parameter name, without the dashes; those that are not given have their default
     * @throws IllegalArgumentException if a parameter cannot be read, with a sentence
     */
    public Forecast forecast(Trigger trigger, Map<String, String> parameters) {
        return Forecast.of(this, trigger, parameters);
    }

    /** As {@link #text()}, and for each stage what would become of it. */
    public String text(Forecast forecast) {
        return new PlanText(this, Optional.of(forecast)).toString();
    }

    /** For programs: one JSON object, indented. */
    public String json() {
        return PlanJson.of(this);
    }
}
