package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check3;

/** A gate that needs 3 values. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration3<A, B, C> extends PlacedSettings<GateDeclaration3<A, B, C>> {

    GateDeclaration3(Draft draft) {
        super(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check3<? super A, ? super B, ? super C> question) {
        return draft.gate(new Deed.Check(
                draft.code(question),
                (context, in) -> question.check(context, Body.input(in, 0), Body.input(in, 1), Body.input(in, 2))));
    }

    @Override
    GateDeclaration3<A, B, C> self() {
        return this;
    }
}
