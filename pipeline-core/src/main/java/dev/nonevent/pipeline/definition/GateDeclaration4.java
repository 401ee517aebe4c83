package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check4;

/** A gate that needs 4 values. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration4<A, B, C, D> extends PlacedSettings<GateDeclaration4<A, B, C, D>> {

    GateDeclaration4(Draft draft) {
        super(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check4<? super A, ? super B, ? super C, ? super D> question) {
        return draft.gate(new Deed.Check(
                draft.code(question),
                (context, in) -> question.check(
                        context, Body.input(in, 0), Body.input(in, 1), Body.input(in, 2), Body.input(in, 3))));
    }

    @Override
    GateDeclaration4<A, B, C, D> self() {
        return this;
    }
}
