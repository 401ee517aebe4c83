package dev.nonevent.pipeline.definition;

import java.util.List;
import java.util.stream.Stream;

/**
 * One stage or gate as it was declared.
 *
 * @param inputs what {@code needs} named: edges that carry data
 * @param gates what {@code requires} named: edges with a verdict
 * @param after edges that only order
 */
public record Declaration(
        Handle handle, Deed deed, List<Stage<?>> inputs, List<GateHandle> gates, List<Handle> after, Options options) {

    public Declaration {
        inputs = List.copyOf(inputs);
        gates = List.copyOf(gates);
        after = List.copyOf(after);
    }

    public String name() {
        return handle.name();
    }

    public Place place() {
        return handle.place();
    }

    /** Everything that comes before it, by whichever edge. */
    public Stream<Handle> before() {
        return Stream.of(inputs, gates, after).flatMap(List::stream);
    }
}
