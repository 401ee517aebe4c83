package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Work2;

/** A stage that needs 2 values. It ends with {@code run}. */
@CheckReturnValue
public final class StageDeclaration2<A, B> extends PlacedSettings<StageDeclaration2<A, B>> {

    StageDeclaration2(Draft draft) {
        super(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work2<? super A, ? super B, ? extends R> work) {
        return draft.stage(new Deed.Work(
                draft.code(work), (context, in) -> work.run(context, Body.input(in, 0), Body.input(in, 1))));
    }

    @Override
    StageDeclaration2<A, B> self() {
        return this;
    }
}
