package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.protocol.Event;
import dev.nonevent.pipeline.bluegreen.protocol.Protocol;
import dev.nonevent.pipeline.bluegreen.protocol.Row;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.protocol.Step;
import dev.nonevent.pipeline.bluegreen.protocol.Table;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The protocol's table, remembering which of its rows were followed. */
final class Visited implements Protocol {

    private record Place(State state, Event event) {}

    private final Set<Place> places = new HashSet<>();

    @Override
    public Step step(State state, Event event) {
        Step step = Table.BLUE_GREEN.step(state, event);
        places.add(new Place(state, event));
        return step;
    }

    List<Row> unvisited() {
        return Table.BLUE_GREEN.rows().stream()
                .filter(row -> !places.contains(new Place(row.from(), row.on())))
                .toList();
    }
}
