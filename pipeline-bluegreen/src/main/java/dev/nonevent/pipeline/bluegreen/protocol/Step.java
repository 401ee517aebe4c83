package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a transition leads to.
 *
 * @param state in which the application is from here on
 * @param effects to be carried out in this order; the answer to the last one is the next event
 */
public record Step(State state, List<Effect> effects) {

    public Step {
        effects = List.copyOf(effects);
    }

    /**
     * What a fact at the end is answered by once it is durable; empty if the way rests with it, because the deployment is over
     * or the process is to touch nothing any more.
     */
    public Optional<Event> written() {
        return state.isOver() || !state.isDurable() ? Optional.empty() : Optional.of(Event.WRITTEN);
    }

    /** Every event that the last effect can be answered by; empty where the way rests. */
    Set<Event> answers() {
        if (effects.isEmpty()) {
            return Set.of();
        }
        Effect last = effects.get(effects.size() - 1);
        return last instanceof Action action
                ? action.answers()
                : written().map(Set::of).orElse(Set.of());
    }
}
