package dev.nonevent.pipeline.event;

/** The name of one run: short enough to type, unique under one home. */
public record RunId(String value) {

    @Override
    public String toString() {
        return value;
    }
}
