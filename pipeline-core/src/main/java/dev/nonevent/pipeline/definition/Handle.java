package dev.nonevent.pipeline.definition;

/** The name of something declared: a {@link Stage} or a {@link GateHandle}. */
public sealed interface Handle permits Stage, GateHandle {

    String name();

    /** Where it was declared. */
    Place place();
}
