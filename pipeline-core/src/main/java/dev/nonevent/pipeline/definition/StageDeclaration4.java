package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Work4;

/** A stage that needs 4 values. It ends with {@code run}. */
@CheckReturnValue
public final class StageDeclaration4<A, B, C, D> extends PlacedSettings<StageDeclaration4<A, B, C, D>> {

    StageDeclaration4(Draft draft) {
        super(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work4<? super A, ? super B, ? super C, ? super D, ? extends R> work) {
        return draft.stage(new Deed.Work(
                draft.code(work),
                (context, in) ->
                        work.run(context, Body.input(in, 0), Body.input(in, 1), Body.input(in, 2), Body.input(in, 3))));
    }

    @Override
    StageDeclaration4<A, B, C, D> self() {
        return this;
    }
}
