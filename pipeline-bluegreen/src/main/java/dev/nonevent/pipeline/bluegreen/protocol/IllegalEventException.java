package dev.nonevent.pipeline.bluegreen.protocol;

/** An event came in a state that knows no answer to it. Nothing was changed. */
public final class IllegalEventException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public IllegalEventException(State state, Event event) {
        super("in " + state + " (" + state.sentence() + ") there is no " + event + " (" + event.sentence()
                + "); nothing was changed");
    }
}
