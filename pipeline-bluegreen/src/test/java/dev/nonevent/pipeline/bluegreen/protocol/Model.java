package dev.nonevent.pipeline.bluegreen.protocol;

import static dev.nonevent.pipeline.bluegreen.protocol.World.*;

import java.util.ArrayList;
import java.util.List;

/**
 * Processes that follow a protocol in a world where everything can happen: between any two effects a process can die, be
 * overtaken while it lives, be cancelled, lose sight of the router, or fail; a release can fall sick, a probe can lie.
 */
final class Model {

    /** What a process has come for. */
    enum Program {
        DEPLOY(Event.TAKEN, Event.RECOVER, Event.TIDY, Event.MAKE_ROOM, Event.BEGIN, Event.TIDY),
        ROLL_BACK(Event.TAKEN, Event.RECOVER, Event.BEGIN, Event.TIDY),
        UNDO(Event.TAKEN, Event.ABORT),
        RECOVER(Event.TAKEN, Event.RECOVER, Event.TIDY);

        final List<Event> verbs;

        Program(Event... verbs) {
            this.verbs = List.of(verbs);
        }
    }

    private static final int VERBS = 8;

    private final Protocol protocol;
    private final Effects effects;

    Model(Protocol protocol, Adversary adversary) {
        this.protocol = protocol;
        this.effects = new Effects(this, adversary);
    }

    List<Move> moves(World world) {
        List<Move> moves = new ArrayList<>();
        for (int process = 0; process < world.processes(); process++) {
            if (world.of(process, ALIVE) == 1) {
                goOn(world, process, moves);
            }
        }
        starts(world, moves);
        if (world.get(FAULTS) > 0) {
            for (int number = 0; number < ENVIRONMENTS; number++) {
                if (world.environment(number) == WELL) {
                    moves.add(new Move(
                            "release " + number + " falls sick",
                            world.copy().add(FAULTS, -1).set(ENVIRONMENT + number, SICK)));
                }
            }
        }
        return moves;
    }

    /** The one next effect of a process, and what may come in its way. */
    private void goOn(World world, int process, List<Move> moves) {
        Step step = step(world, process);
        int place = world.of(process, PLACE);
        Effect effect = step.effects().get(place);
        String what = "process " + process + " in " + step.state() + ": " + effect.name();
        for (Effects.Result result : effects.of(effect, world, process)) {
            moves.add(new Move(what + result.told(), answered(result, step, process)));
        }
        if (world.get(FAULTS) == 0) {
            return;
        }
        World before = world.copy().add(FAULTS, -1);
        moves.add(new Move(
                "process " + process + " dies before " + effect.name(),
                before.copy().end(process)));
        World failing = before.copy().flag(process, DISTURBED);
        moves.add(new Move(what + " fails", met(failing, process, Event.FAILED)));
        if (effect instanceof Action action && action != Action.START) {
            moves.add(new Move(what + " sees no router", met(failing.copy(), process, Event.UNKNOWN)));
        }
        if (effect instanceof Action action && action.waits()) {
            World cancelled = before.copy().flag(process, World.CANCELLED);
            moves.add(new Move(what + " is cancelled", met(cancelled, process, Event.CANCELLED)));
        }
    }

    private World answered(Effects.Result result, Step step, int process) {
        World after = result.world();
        if (result.trouble().isPresent()) {
            return met(after, process, result.trouble().get());
        }
        if (after.of(process, PLACE) + 1 < step.effects().size()) {
            return after.let(process, PLACE, after.of(process, PLACE) + 1);
        }
        return result.answer()
                .or(step::written)
                .map(event -> enter(after, process, step.state(), event))
                .orElseGet(() -> rest(after, process, step.state()));
    }

    Step step(World world, int process) {
        return protocol.step(State.values()[world.of(process, AT)], Event.values()[world.of(process, ON)]);
    }

    /** Like the product: what its ledger says, and one way back at most. */
    World met(World world, int process, Event event) {
        boolean turnsBack = world.is(process, TURNS_BACK) && !world.is(process, TROUBLED);
        Event met = event == Event.FAILED && !turnsBack ? Event.LOST : event;
        boolean overtaken = world.of(process, FENCE) != world.get(LEDGER_FENCE);
        if (overtaken) {
            // Whatever it would do from its own memory, no ledger and no router takes it any more.
            return world.end(process);
        }
        return enter(world.flag(process, TROUBLED), process, world.state(), met);
    }

    private World enter(World world, int process, State from, Event on) {
        world.let(process, AT, from.ordinal()).let(process, ON, on.ordinal()).let(process, PLACE, 0);
        Step step = protocol.step(from, on);
        return step.effects().isEmpty() ? rest(world, process, step.state()) : world;
    }

    private World rest(World world, int process, State state) {
        boolean cancelled = world.is(process, World.CANCELLED) && !world.is(process, DISTURBED);
        boolean newest = world.of(process, FENCE) == world.get(LEDGER_FENCE);
        if (cancelled && newest && state != State.HELD && !world.state().isOver()) {
            throw new ViolationException("I11", "a cancelled deployment ended in " + world.state());
        }
        int code = world.of(process, PROGRAM);
        List<Event> verbs = Program.values()[code / VERBS].verbs;
        int next = code % VERBS + 1;
        boolean undone = next > 1 && verbs.get(next - 1) == Event.BEGIN && state != State.DONE;
        if (!state.isDurable() || next == verbs.size() || undone || cancelled) {
            return world.end(process);
        }
        world.let(process, PROGRAM, code + 1);
        if (verbs.get(next) == Event.BEGIN) {
            world.flag(process, TURNS_BACK).unflag(process, TROUBLED);
        }
        return enter(world, process, state, verbs.get(next));
    }

    private void starts(World world, List<Move> moves) {
        boolean takeover = world.anyoneAlive();
        if (world.get(STARTS) == 0 || takeover && world.get(FAULTS) == 0) {
            return;
        }
        for (int process = 0; process < world.processes(); process++) {
            if (world.of(process, ALIVE) == 0) {
                for (Program program : Program.values()) {
                    if (fits(program, world)) {
                        World after = world.copy().add(STARTS, -1).add(FAULTS, takeover ? -1 : 0);
                        String who = (takeover ? " takes over to " : " comes to ") + program;
                        moves.add(new Move("process " + process + who, started(after, process, program)));
                    }
                }
                return;
            }
        }
    }

    World started(World world, int process, Program program) {
        world.end(process).add(LEDGER_FENCE, 1).let(process, ALIVE, 1);
        world.let(process, FENCE, world.get(LEDGER_FENCE)).let(process, PROGRAM, program.ordinal() * VERBS);
        world.let(process, ITS, world.get(OWN));
        return enter(world, process, world.state(), program.verbs.get(0));
    }

    boolean rollsBack(World world, int process) {
        return world.of(process, PROGRAM) / VERBS == Program.ROLL_BACK.ordinal();
    }

    private static boolean fits(Program program, World world) {
        boolean room = world.get(OPERATION) < ENVIRONMENTS - 1;
        return switch (program) {
            case DEPLOY -> room;
            case ROLL_BACK ->
                room && world.get(BEFORE_STABLE) != NONE && !world.state().isOpen();
            case UNDO -> world.state().isOpen() && !world.state().isProven();
            case RECOVER -> true;
        };
    }
}
