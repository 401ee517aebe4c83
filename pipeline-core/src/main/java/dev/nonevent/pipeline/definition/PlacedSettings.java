package dev.nonevent.pipeline.definition;

import dev.nonevent.pipeline.executor.CommandExecutor;

/** Settings of a stage or gate whose commands all run in one place. */
public abstract class PlacedSettings<S extends PlacedSettings<S>> extends Settings<S> {

    PlacedSettings(Draft draft) {
        super(draft);
    }

    /** Where its commands run: {@code in(container("busybox:1.36"))}. */
    public S in(CommandExecutor executor) {
        open().executor = executor;
        return self();
    }
}
