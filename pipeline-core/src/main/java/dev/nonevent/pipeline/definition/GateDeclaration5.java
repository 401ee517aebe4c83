package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.gate.Check5;

/** A gate that needs 5 values. It ends with {@code check}. */
@CheckReturnValue
public final class GateDeclaration5<A, B, C, D, E> extends PlacedSettings<GateDeclaration5<A, B, C, D, E>> {

    GateDeclaration5(Draft draft) {
        super(draft);
    }

    /** The question; its verdict decides whether what requires this gate may run. */
    @CanIgnoreReturnValue
    public GateHandle check(Check5<? super A, ? super B, ? super C, ? super D, ? super E> question) {
        return draft.gate(new Deed.Check(
                draft.code(question),
                (context, in) -> question.check(
                        context,
                        Body.input(in, 0),
                        Body.input(in, 1),
                        Body.input(in, 2),
                        Body.input(in, 3),
                        Body.input(in, 4))));
    }

    @Override
    GateDeclaration5<A, B, C, D, E> self() {
        return this;
    }
}
