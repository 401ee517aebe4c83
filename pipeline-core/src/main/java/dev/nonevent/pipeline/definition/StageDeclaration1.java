package dev.nonevent.pipeline.definition;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.work.Work1;

/** A stage that needs one value. It ends with {@code run} or {@code deploy}. */
@CheckReturnValue
public final class StageDeclaration1<A> extends PlacedSettings<StageDeclaration1<A>> {

    StageDeclaration1(Draft draft) {
        super(draft);
    }

    /** What the stage does; its value is for the stages that need it. */
    @CanIgnoreReturnValue
    public <R> Stage<R> run(Work1<? super A, ? extends R> work) {
        return draft.stage(new Deed.Work(draft.code(work), (context, in) -> work.run(context, Body.input(in, 0))));
    }

    /** Brings the value to its users. */
    @CanIgnoreReturnValue
    public <R> Stage<R> deploy(DeploymentStrategy<? super A, R> strategy) {
        return draft.stage(new Deed.Deploy(draft.code(strategy), strategy));
    }

    /** Says why this deploy is guarded by no gate; the reason stands in the plan. */
    public StageDeclaration1<A> withoutGates(String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException(draft.title() + ": withoutGates needs a reason");
        }
        open().withoutGates = why;
        return this;
    }

    @Override
    StageDeclaration1<A> self() {
        return this;
    }
}
