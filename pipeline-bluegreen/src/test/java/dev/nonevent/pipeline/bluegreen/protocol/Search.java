package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every state of a {@link Model} that can be reached, nearest first, until something forbidden happens. */
final class Search {

    private final Model model;
    private final Settling settling;
    private final Map<World, Step> seen = new HashMap<>();
    private final Set<World> settled = new HashSet<>();
    private final Set<State> reached = EnumSet.noneOf(State.class);

    Search(Model model) {
        this.model = model;
        this.settling = new Settling(model);
    }

    /** How a state was first come to. */
    private record Step(Optional<World> from, String what) {}

    /**
     * What came of it.
     *
     * @param reached how far the ledger has come in any of them
     * @param violation empty if every state was seen and nothing forbidden happened
     * @param trace what led to the violation
     */
    record Found(
            int states,
            int crashed,
            int steps,
            Set<State> reached,
            Optional<ViolationException> violation,
            List<String> trace) {}

    Found from(World first) {
        Deque<World> open = new ArrayDeque<>(List.of(first));
        seen.put(first, new Step(Optional.empty(), "everything is well"));
        while (!open.isEmpty()) {
            World world = open.remove();
            reached.add(world.state());
            try {
                for (Move move : model.moves(world)) {
                    if (seen.putIfAbsent(move.to(), new Step(Optional.of(world), move.what())) == null) {
                        open.add(move.to());
                    }
                }
                if (!world.anyoneAlive() && settled.add(Settling.lasting(world))) {
                    settling.check(Settling.lasting(world));
                }
            } catch (ViolationException | IllegalEventException e) {
                List<String> trace = trace(world);
                ViolationException violation =
                        e instanceof ViolationException known ? known : new ViolationException("table", e.getMessage());
                return new Found(seen.size(), settled.size(), trace.size(), reached, Optional.of(violation), trace);
            }
        }
        return new Found(seen.size(), settled.size(), 0, reached, Optional.empty(), List.of());
    }

    private List<String> trace(World last) {
        LinkedList<String> trace = new LinkedList<>();
        for (Optional<World> at = Optional.of(last);
                at.isPresent();
                at = seen.get(at.get()).from()) {
            trace.addFirst(seen.get(at.get()).what());
        }
        return trace;
    }
}
