package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.work.StageContext;
import java.util.List;

/** A stage's lambda with its arity taken away: the engine's view of it. */
@FunctionalInterface
public interface Body<R> {

    /** @param inputs the values of the needed stages, in the order of {@link Declaration#inputs()} */
    R run(StageContext context, List<Object> inputs) throws Exception;

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T> T input(List<Object> inputs, int index) {
        // Safe: an input list is built from the handles whose types the compiler has checked.
        return (T) inputs.get(index);
    }
}
