package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One transition of the {@link Table}: in this state, on this event, to that state with these effects. */
public record Row(State from, Event on, State to, List<Effect> effects) {

    public Row {
        effects = List.copyOf(effects);
    }

    /** The first word of one or several rows. */
    static Rows in(State... states) {
        return new Rows(List.of(states), List.of());
    }

    static Rows in(Collection<State> states) {
        return new Rows(List.copyOf(states), List.of());
    }

    /** The fact it writes that leads to its state. */
    public Optional<Fact> fact() {
        return effects.stream()
                .filter(Fact.class::isInstance)
                .map(Fact.class::cast)
                .filter(Fact::moves)
                .findFirst();
    }

    Step step() {
        return new Step(to, effects);
    }

    @Override
    public String toString() {
        return from + " on " + on + " to " + to + " " + effects;
    }

    /** Rows that differ in their state or event only. */
    record Rows(List<State> states, List<Event> events) {

        Rows on(Event... chosen) {
            return new Rows(states, List.of(chosen));
        }

        List<Row> to(State state, Effect... effects) {
            return rows(Optional.of(state), effects);
        }

        /** In the same state: nothing that is durable changes. */
        List<Row> stay(Effect... effects) {
            return rows(Optional.empty(), effects);
        }

        private List<Row> rows(Optional<State> to, Effect... effects) {
            List<Row> rows = new ArrayList<>();
            for (State from : states) {
                events.forEach(event -> rows.add(new Row(from, event, to.orElse(from), List.of(effects))));
            }
            return List.copyOf(rows);
        }
    }
}
