package dev.nonevent.pipeline.bluegreen.traffic;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.util.Optional;

/**
 * Where the switcher points its users right now.
 *
 * @param fence the highest fence seen; a lower one is refused
 * @param generation grows with every change
 */
public record Route(Routing routing, long fence, long generation) {

    /** Nobody has been sent anywhere yet. */
    public static Route none() {
        return new Route(Routing.nowhere(), 0, 0);
    }

    /** Gets the users; empty only before the first deployment ever. */
    @JsonIgnore
    public Optional<Target> active() {
        return routing.active();
    }
}
