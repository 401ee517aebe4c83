package dev.nonevent.pipeline.bluegreen.traffic;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.util.Optional;

/**
 * Where the switcher points its users right now.
 *
 * @param active empty only before the first deployment ever
 * @param fence the highest fence seen; a lower one is refused
 * @param generation grows with every change
 */
public record Route(Optional<Target> active, long fence, long generation) {}
