package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Work5;

/** A stage that needs 5 values. It ends with {@code run}. */
@CheckReturnValue
public final class StageDeclaration5<A, B, C, D, E> extends PlacedSettings<StageDeclaration5<A, B, C, D, E>> {

    StageDeclaration5(Draft draft) {
        super(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work5<? super A, ? super B, ? super C, ? super D, ? super E, ? extends R> work) {
        return draft.stage(new Deed.Work(
                draft.code(work),
                (context, in) -> work.run(
                        context,
                        Body.input(in, 0),
                        Body.input(in, 1),
                        Body.input(in, 2),
                        Body.input(in, 3),
                        Body.input(in, 4))));
    }

    @Override
    StageDeclaration5<A, B, C, D, E> self() {
        return this;
    }
}
