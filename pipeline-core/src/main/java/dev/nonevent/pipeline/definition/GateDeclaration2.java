package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check2;

/** A gate that needs 2 values. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration2<A, B> extends PlacedSettings<GateDeclaration2<A, B>> {

    GateDeclaration2(Draft draft) {
        super(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check2<? super A, ? super B> question) {
        return draft.gate(new Deed.Check(
                draft.code(question), (context, in) -> question.check(context, Body.input(in, 0), Body.input(in, 1))));
    }

    @Override
    GateDeclaration2<A, B> self() {
        return this;
    }
}
