package dev.nonevent.pipeline.bluegreen.slot;

/** One of the two places a release can stand. */
public enum Colour {
    BLUE,
    GREEN;

    public Colour other() {
        return this == BLUE ? GREEN : BLUE;
    }

    /** As people write it: {@code blue}. */
    @Override
    public String toString() {
        return this == BLUE ? "blue" : "green";
    }
}
