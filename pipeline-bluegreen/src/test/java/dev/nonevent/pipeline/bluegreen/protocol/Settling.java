package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What recovery makes of a world that everybody has left, when nothing goes wrong any more. */
final class Settling {

    /** No recovery takes more effects than this. */
    private static final int MOST = 60;

    private final Model model;

    Settling(Model model) {
        this.model = model;
    }

    /** What outlives the processes, without what the adversary could still do. */
    static World lasting(World world) {
        World lasting = world.copy().set(World.FAULTS, 0).set(World.STARTS, 0);
        for (int process = 0; process < world.processes(); process++) {
            lasting.end(process);
        }
        // Only the order of fences matters.
        return lasting.set(World.LEDGER_FENCE, 1).set(World.ROUTER_FENCE, 1).set(World.RAISED, 1);
    }

    void check(World crashed) {
        List<World> way = recovered(crashed);
        World end = way.get(way.size() - 1);
        settled(end);
        World again = last(recovered(lasting(end)));
        if (!same(end, again)) {
            throw new ViolationException("I7", "a second recovery changed something");
        }
        for (World before : way) {
            World after = last(recovered(lasting(before)));
            settled(after);
            if (!same(end, after)) {
                throw new ViolationException("I7", "a recovery that was killed and done again came to another end");
            }
        }
    }

    /** Every world on the way; the last one is the end. */
    private List<World> recovered(World crashed) {
        List<World> way = new ArrayList<>();
        World world = model.started(crashed.copy(), 0, Model.Program.RECOVER);
        while (world.anyoneAlive()) {
            way.add(world);
            if (way.size() > MOST) {
                throw new ViolationException("I8", "recovery does not come to an end");
            }
            world = model.moves(world).get(0).to();
        }
        way.add(world);
        return way;
    }

    private static World last(List<World> way) {
        return way.get(way.size() - 1);
    }

    private static void settled(World end) {
        State state = end.state();
        int target = end.get(World.TARGET);
        if (!state.isOver()) {
            throw new ViolationException("I5", "recovery has left the deployment in " + state);
        } else if (!end.runs(target)) {
            throw new ViolationException("I2", "traffic is on " + target + ", which does not run");
        }
        boolean split = end.get(World.CANARY) != World.NONE;
        if (split && state != State.NEEDS_HUMAN && end.environment(end.get(World.STABLE)) == World.WELL) {
            throw new ViolationException("I5", "users are split between two releases, and nobody analyses it");
        }
        boolean orphan = IntStream.range(0, World.ENVIRONMENTS)
                .filter(end::runs)
                .anyMatch(number ->
                        !end.hasUsers(number) && number != end.get(World.STABLE) && number != end.get(World.KEPT));
        if (orphan && state != State.NEEDS_HUMAN) {
            throw new ViolationException("I5", "an instance runs that nobody needs");
        }
    }

    private static boolean same(World one, World other) {
        return IntStream.range(0, World.ENVIRONMENTS).allMatch(number -> one.runs(number) == other.runs(number))
                && one.get(World.TARGET) == other.get(World.TARGET)
                && one.get(World.CANARY) == other.get(World.CANARY)
                && one.get(World.STATE) == other.get(World.STATE)
                && one.get(World.STABLE) == other.get(World.STABLE);
    }
}
