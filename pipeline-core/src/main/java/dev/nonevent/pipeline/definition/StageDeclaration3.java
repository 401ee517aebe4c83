package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Work3;

/** A stage that needs 3 values. It ends with {@code run}. */
@CheckReturnValue
public final class StageDeclaration3<A, B, C> extends PlacedSettings<StageDeclaration3<A, B, C>> {

    StageDeclaration3(Draft draft) {
        super(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work3<? super A, ? super B, ? super C, ? extends R> work) {
        return draft.stage(new Deed.Work(
                draft.code(work),
                (context, in) -> work.run(context, Body.input(in, 0), Body.input(in, 1), Body.input(in, 2))));
    }

    @Override
    StageDeclaration3<A, B, C> self() {
        return this;
    }
}
