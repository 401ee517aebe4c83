package dev.nonevent.pipeline.bluegreen.protocol;

/** Something a transition asks for: a {@link Fact} to be written, or an {@link Action} to be carried out. */
public sealed interface Effect permits Fact, Action {

    /** As the table's page names it. */
    String name();
}
