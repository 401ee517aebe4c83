package dev.nonevent.pipeline.bluegreen.protocol;

/** Says what follows. Pure: no I/O, no time, no state of its own. */
@FunctionalInterface
public interface Protocol {

    /** @throws IllegalEventException if the event must not happen in this state; nothing is to change then */
    Step step(State state, Event event);
}
