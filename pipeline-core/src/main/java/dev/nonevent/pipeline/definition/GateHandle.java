package dev.nonevent.pipeline.definition;

/** A name for a question that will be answered; what {@code requires} it runs only after a pass. */
public final class GateHandle implements Handle {

    private final String name;
    private final Place place;

    GateHandle(String name, Place place) {
        this.name = name;
        this.place = place;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Place place() {
        return place;
    }

    @Override
    public String toString() {
        return "gate " + NameRule.shown(name);
    }
}
