package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Pipeline;
import java.util.List;

/** Finds everything that does not fit together. */
final class Validation {

    private Validation() {}

    static List<Problem> problems(Pipeline pipeline) {
        return List.of();
    }
}
