package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check0;

/** A gate that needs nothing. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration0 extends PlacedSettings<GateDeclaration0> {

    GateDeclaration0(Draft draft) {
        super(draft);
    }

    /** Takes the value of this stage as parameters of its lambda. */
    public <A> GateDeclaration1<A> needs(Stage<A> a) {
        draft.needs(a);
        return new GateDeclaration1<>(draft);
    }

    /** Takes the values of these 2 stages as parameters of its lambda. */
    public <A, B> GateDeclaration2<A, B> needs(Stage<A> a, Stage<B> b) {
        draft.needs(a, b);
        return new GateDeclaration2<>(draft);
    }

    /** Takes the values of these 3 stages as parameters of its lambda. */
    public <A, B, C> GateDeclaration3<A, B, C> needs(Stage<A> a, Stage<B> b, Stage<C> c) {
        draft.needs(a, b, c);
        return new GateDeclaration3<>(draft);
    }

    /** Takes the values of these 4 stages as parameters of its lambda. */
    public <A, B, C, D> GateDeclaration4<A, B, C, D> needs(Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d) {
        draft.needs(a, b, c, d);
        return new GateDeclaration4<>(draft);
    }

    /** Takes the values of these 5 stages as parameters of its lambda. */
    public <A, B, C, D, E> GateDeclaration5<A, B, C, D, E> needs(
            Stage<A> a, Stage<B> b, Stage<C> c, Stage<D> d, Stage<E> e) {
        draft.needs(a, b, c, d, e);
        return new GateDeclaration5<>(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check0 question) {
        return draft.gate(new Deed.Check(draft.code(question), (context, in) -> question.check(context)));
    }

    @Override
    GateDeclaration0 self() {
        return this;
    }
}
