package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.work.Work0;

/** A stage that needs nothing. It ends with {@code run}. */
@CheckReturnValue
public final class StageDeclaration0 extends PlacedSettings<StageDeclaration0> {

    StageDeclaration0(Draft draft) {
        super(draft);
    }

    /** Takes the value of this stage as parameters of its lambda. */
    public <A> StageDeclaration1<A> needs(Stage<A> a) {
        draft.needs(a);
        return new StageDeclaration1<>(draft);
    }

    /** Takes the values of these 2 stages as parameters of its lambda. */
    public <A, B> StageDeclaration2<A, B> needs(Stage<A> a, Stage<B> b) {
        draft.needs(a, b);
        return new StageDeclaration2<>(draft);
    }

    /** Takes the values of these 3 stages as parameters of its lambda. */
    public <A, B, C> StageDeclaration3<A, B, C> needs(Stage<A> a, Stage<B> b, Stage<C> c) {
        draft.needs(a, b, c);
        return new StageDeclaration3<>(draft);
    }

    /** Takes the values of these 4 stages as parameters of its lambda. */
    public <A, B, C, D> StageDeclaration4<A, B, C, D> needs(Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d) {
        draft.needs(a, b, c, d);
        return new StageDeclaration4<>(draft);
    }

    /** Takes the values of these 5 stages as parameters of its lambda. */
    public <A, B, C, D, E> StageDeclaration5<A, B, C, D, E> needs(
            Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d, Stage<E> e) {
        draft.needs(a, b, c, d, e);
        return new StageDeclaration5<>(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work0<? extends R> work) {
        return draft.stage(new Deed.Work(draft.code(work), (context, in) -> work.run(context)));
    }

    @Override
    StageDeclaration0 self() {
        return this;
    }
}
