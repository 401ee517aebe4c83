package dev.nonevent.pipeline.journal;

/** What is kept of the value of a stage. */
public sealed interface Kept {

    /** It made none: it is a gate, or it did not pass. */
    record Nothing() implements Kept {}

    /** All of it. */
    record Value(DataText data) implements Kept {}

    /** @param why as in "its value cannot be kept: …" */
    record Not(String why) implements Kept {}
}
