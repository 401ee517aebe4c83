package dev.nonevent.pipeline.definition;

/**
 * A name for a value that a stage will make. It has no {@code get()}: the value reaches a stage that {@code needs} it, as
 * a parameter of that stage's own lambda, and nobody else.
 *
 * @param <T> what the stage makes
 */
@SuppressWarnings("UnusedTypeParameter") // the compiler holds it, and that is the point
public final class Stage<T> implements Handle {

    private final String name;
    private final Place place;

    Stage(String name, Place place) {
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
        return "stage " + NameRule.shown(name);
    }
}
