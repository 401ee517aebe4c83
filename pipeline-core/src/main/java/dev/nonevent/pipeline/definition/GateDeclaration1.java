package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check1;

/** A gate that needs one value. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration1<A> extends PlacedSettings<GateDeclaration1<A>> {

    GateDeclaration1(Draft draft) {
        super(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check1<? super A> question) {
        return draft.gate(
                new Deed.Check(draft.code(question), (context, in) -> question.check(context, Body.input(in, 0))));
    }

    @Override
    GateDeclaration1<A> self() {
        return this;
    }
}
