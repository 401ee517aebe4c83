package dev.nonevent.pipeline.bluegreen.protocol;

import static dev.nonevent.pipeline.bluegreen.protocol.World.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an effect does to the world of a {@link Model}, and what it must never do. */
final class Effects {

    private final Model model;
    private final Adversary adversary;

    Effects(Model model, Adversary adversary) {
        this.model = model;
        this.adversary = adversary;
    }

    /** One way it can go: the first of several is the truth, and what no adversary is needed for. */
    record Result(World world, Optional<Event> answer, Optional<Event> trouble, String told) {}

    List<Result> of(Effect effect, World world, int process) {
        return effect instanceof Fact fact
                ? List.of(written(fact, world.copy(), process))
                : of((Action) effect, world, process);
    }

    private List<Result> of(Action action, World before, int process) {
        World world = before.copy();
        int its = world.of(process, ITS);
        return switch (action) {
            case RAISE_FENCE -> List.of(raised(world, process));
            case SEE ->
                List.of(answer(world.set(RAISED, Math.max(world.get(RAISED), world.of(process, FENCE))), Event.OURS));
            case LOOK -> List.of(looked(world, its, Event.ON_IT, Event.PARTLY_ON_IT, Event.ELSEWHERE));
            case LOOK_BACK -> List.of(looked(world, its, Event.REACHED, Event.PARTLY_REACHED, Event.UNREACHED));
            case ASK_WARM -> List.of(answer(world, world.is(process, WARM) ? Event.WARM : Event.COLD));
            case START -> List.of(started(world, its));
            case PROBE -> asked(world, world.environment(its) == WELL, Event.FIT, Event.UNFIT);
            case PROBE_AGAIN -> askedAgain(world, its);
            case SHIFT -> List.of(split(world, process, its));
            case ANALYSE -> analysed(world, its);
            case SWITCH -> List.of(switched(world, process, its, SWITCHING, Event.SWITCHED));
            case BAKE -> baked(world.unflag(process, YES), its);
            case ASK_WAY_BACK -> barred(wayBack(world, process), world);
            case ASK_STABLE -> wayBack(world, process);
            case SWITCH_BACK -> List.of(back(world, process, BACKING, Event.SWITCHED_BACK));
            case POINT -> List.of(back(world, process, SWITCHING, Event.POINTED));
            case DRAIN_IT -> List.of(answer(world, Event.DRAINED));
            case DRAIN_OLD -> List.of(drained(world, process));
            case FIND_ITS -> List.of(found(world, process, its(world, process), Event.ONE_RUNS, Event.NONE_RUNS));
            case FIND_OLD -> List.of(found(world, process, old(world), Event.OLD_RUNS, Event.OLD_GONE));
            case FIND_LEFTOVER -> List.of(found(world, process, leftover(world, false), Event.LEFTOVER, Event.CLEAR));
            case FIND_KEPT -> List.of(found(world, process, leftover(world, true), Event.LEFTOVER, Event.CLEAR));
            case STOP -> List.of(stopped(world, process));
            case DISMISS_STANDBY -> List.of(new Result(world, Optional.empty(), Optional.empty(), ""));
            case CHOOSE -> chosen(world, process);
            case CHECK_STABLE -> List.of(checked(world, process));
            case END_ROUTER, FIND_ANY, STOP_ANY -> throw new IllegalStateException("nobody takes it down here");
        };
    }

    /** Only the newest holder's ledger takes a fact. */
    private Result written(Fact fact, World world, int process) {
        if (world.of(process, FENCE) != world.get(LEDGER_FENCE)) {
            return trouble(world, Event.LOST);
        }
        int found = world.of(process, FOUND) - 1;
        switch (fact) {
            case BEGUN -> begin(world, process);
            case CREATING -> world.mark(CREATING, world.get(OWN));
            case HEALTHY -> world.mark(HEALTHY, world.get(OWN));
            case SWITCHING -> world.mark(SWITCHING, world.get(OWN)).set(PREDECESSOR, world.get(TARGET));
            case SWITCHING_BACK -> world.mark(BACKING, world.get(STABLE));
            case STOPPING -> world.mark(STOPPING, found);
            case STOPPED -> world.set(KEPT, world.get(KEPT) == found ? NONE : world.get(KEPT));
            case KEEPING -> world.set(KEPT, found);
            case COMMITTED -> commit(world);
            default -> {}
        }
        if (fact.moves()) {
            world.set(STATE, model.step(world, process).state().ordinal());
        }
        return new Result(world, Optional.empty(), Optional.empty(), "");
    }

    private void begin(World world, int process) {
        int number = world.get(OPERATION) + 1;
        boolean back = model.rollsBack(world, process);
        boolean warm = back && world.environment(world.get(BEFORE_STABLE)) == WELL;
        int own = warm ? world.get(BEFORE_STABLE) : number;
        if (!warm && !world.has(GREEN, world.get(TARGET))) {
            world.mark(GREEN, own);
        }
        world.set(OPERATION, number).set(OWN, own).set(ROLLS_BACK, back ? 1 : 0).let(process, ITS, own);
        world.unflag(process, WARM).flag(process, warm ? WARM : 0);
    }

    private static void commit(World world) {
        boolean back = world.get(ROLLS_BACK) == 1;
        if (!back && world.get(OPERATION) <= world.get(COMMITTED)) {
            throw new ViolationException("I9", "release " + world.get(OPERATION) + " was committed after a newer one");
        }
        world.set(COMMITTED, world.get(OPERATION));
        world.set(BEFORE_STABLE, back ? NONE : world.get(STABLE)).set(STABLE, world.get(OWN));
        world.set(KEPT, world.get(KEPT) == world.get(OWN) ? NONE : world.get(KEPT));
    }

    private Result raised(World world, int process) {
        int fence = world.of(process, FENCE);
        if (refuses(world, process)) {
            return trouble(world, Event.LOST);
        }
        world.set(ROUTER_FENCE, Math.max(fence, world.get(ROUTER_FENCE)))
                .set(RAISED, Math.max(fence, world.get(RAISED)));
        return new Result(world, Optional.empty(), Optional.empty(), "");
    }

    private boolean refuses(World world, int process) {
        return adversary.fenced() && world.get(ROUTER_FENCE) > world.of(process, FENCE);
    }

    private static Result started(World world, int its) {
        if (!world.has(CREATING, its)) {
            throw new ViolationException("I6", "release " + its + " was started without an intent");
        }
        return answer(world.runs(its) ? world : world.set(ENVIRONMENT + its, WELL), Event.CREATED);
    }

    private static List<Result> asked(World world, boolean truth, Event yes, Event no) {
        Result answer = answer(world, truth ? yes : no);
        return world.get(FAULTS) == 0
                ? List.of(answer)
                : List.of(answer, new Result(lied(world), Optional.of(truth ? no : yes), Optional.empty(), " (a lie)"));
    }

    /** Whether it is a canary is its declaration's business: both are tried. */
    private static List<Result> askedAgain(World world, int its) {
        List<Result> answers = new ArrayList<>(asked(world, world.environment(its) == WELL, Event.FIT, Event.UNFIT));
        boolean splits = world.get(ROLLS_BACK) == 0
                && world.get(TARGET) == world.get(STABLE)
                && world.environment(world.get(STABLE)) == WELL;
        if (splits && answers.stream().anyMatch(result -> result.answer().equals(Optional.of(Event.FIT)))) {
            World fit = world.environment(its) == WELL ? world.copy() : lied(world);
            answers.add(answer(fit, Event.FIT_FOR_PART));
        }
        return answers;
    }

    private static Result looked(World world, int its, Event all, Event part, Event none) {
        return answer(world, world.get(TARGET) == its ? all : world.get(CANARY) == its ? part : none);
    }

    private static List<Result> analysed(World world, int its) {
        boolean well = world.environment(its) == WELL && world.get(CANARY) == its;
        List<Result> all = new ArrayList<>();
        if (well) {
            all.add(answer(world.copy(), Event.PROVEN));
            all.add(answer(world.copy(), Event.GROWS));
        }
        all.add(answer(world.copy(), Event.UNPROVEN));
        all.add(answer(world.copy(), Event.PAUSE));
        all.add(answer(world.copy(), Event.GO_ON));
        return all;
    }

    private static World lied(World world) {
        return world.copy().add(FAULTS, -1);
    }

    private static List<Result> baked(World world, int its) {
        boolean well = world.environment(its) == WELL && world.get(TARGET) == its;
        Result bad = answer(world, Event.UNPROVEN);
        List<Result> all = new ArrayList<>(well ? List.of(answer(world.copy(), Event.PROVEN), bad) : List.of(bad));
        all.add(answer(world.copy(), Event.PAUSE));
        all.add(answer(world.copy(), Event.GO_ON));
        return all;
    }

    private static List<Result> wayBack(World world, int process) {
        boolean well = world.environment(world.get(STABLE)) == WELL;
        World yes = world.copy().flag(process, YES);
        Result truth = well ? answer(yes, Event.STABLE_ANSWERS) : answer(world, Event.STABLE_SILENT);
        if (world.get(FAULTS) == 0) {
            return List.of(truth);
        }
        Result lie = well ? answer(lied(world), Event.STABLE_SILENT) : answer(lied(yes), Event.STABLE_ANSWERS);
        return List.of(truth, lie);
    }

    /** Some releases cannot be gone back from; which ones is another thing that may happen. */
    private static List<Result> barred(List<Result> answers, World world) {
        if (world.get(FAULTS) == 0) {
            return answers;
        }
        Result bar = new Result(lied(world), Optional.of(Event.BARRED), Optional.empty(), " -> BARRED");
        return Stream.concat(answers.stream(), Stream.of(bar)).toList();
    }

    private Result back(World world, int process, int intent, Event answer) {
        int stable = world.get(STABLE);
        if (world.get(TARGET) == stable && world.get(CANARY) == NONE) {
            return answer(world, answer);
        }
        boolean known = world.is(process, YES) || world.environment(stable) == WELL;
        if (!known && world.environment(world.get(TARGET)) == WELL) {
            throw new ViolationException("I10", "traffic was moved to " + stable + ", which nobody has asked");
        }
        return switched(world, process, stable, intent, answer);
    }

    private Result split(World world, int process, int its) {
        if (refuses(world, process)) {
            return trouble(world, Event.LOST);
        }
        requireSwitchable(world, process, its, CREATING);
        if (world.state() != State.SHIFTING) {
            throw new ViolationException("I6", "a part of the users was moved to " + its + " without an intent");
        } else if (world.get(TARGET) != world.get(STABLE)) {
            throw new ViolationException("I5", "users were split, and the others have no stable release");
        }
        world.set(ROUTER_FENCE, Math.max(world.of(process, FENCE), world.get(ROUTER_FENCE)));
        return answer(world.set(CANARY, its), Event.SHIFTED);
    }

    private Result switched(World world, int process, int target, int intent, Event answer) {
        if (refuses(world, process)) {
            return trouble(world, Event.LOST);
        }
        requireSwitchable(world, process, target, intent);
        world.set(ROUTER_FENCE, Math.max(world.of(process, FENCE), world.get(ROUTER_FENCE)));
        return answer(world.set(TARGET, target).set(CANARY, NONE), answer);
    }

    private static void requireSwitchable(World world, int process, int target, int intent) {
        if (world.get(RAISED) > world.of(process, FENCE)) {
            throw new ViolationException("I4", "traffic was moved by a holder that was overtaken");
        } else if (!world.has(HEALTHY, target)) {
            throw new ViolationException("I1", "traffic was moved to " + target + ", which no fact says is healthy");
        } else if (!world.runs(target)) {
            throw new ViolationException("I2", "traffic was moved to " + target + ", which does not run");
        } else if (!world.has(intent, target)) {
            throw new ViolationException("I6", "traffic was moved to " + target + " without an intent");
        }
    }

    private static Result drained(World world, int process) {
        return world.hasUsers(world.of(process, FOUND) - 1)
                ? trouble(world, Event.FAILED)
                : answer(world, Event.DRAINED);
    }

    private static int its(World world, int process) {
        int its = world.of(process, ITS);
        return world.runs(its) && !world.is(process, WARM) && its != world.get(STABLE) ? its : NONE;
    }

    private static int old(World world) {
        int old = world.get(PREDECESSOR);
        return world.runs(old) && old != world.get(OWN) ? old : NONE;
    }

    private static int leftover(World world, boolean makesRoom) {
        if (!world.runs(world.get(TARGET))) {
            return NONE;
        }
        int kept = world.get(KEPT);
        IntStream all = IntStream.concat(IntStream.of(kept), IntStream.range(0, ENVIRONMENTS));
        return all.filter(world::runs)
                .filter(number -> number != world.get(STABLE) && !world.hasUsers(number))
                .filter(number -> makesRoom || number != kept)
                .findFirst()
                .orElse(NONE);
    }

    private static Result found(World world, int process, int number, Event yes, Event no) {
        return answer(world.let(process, FOUND, number + 1), number == NONE ? no : yes);
    }

    /** The router's fence is asked, and where users are, in the same moment in which it is stopped. */
    private Result stopped(World world, int process) {
        int found = world.of(process, FOUND) - 1;
        if (refuses(world, process)) {
            return trouble(world, Event.LOST);
        } else if (world.hasUsers(found)) {
            return trouble(world, Event.FAILED);
        } else if (!world.has(STOPPING, found)) {
            throw new ViolationException("I6", "release " + found + " was stopped without an intent");
        }
        IntStream.range(0, ENVIRONMENTS)
                .filter(number -> number == found
                        || adversary.stopsByColour()
                                && world.runs(number)
                                && world.has(GREEN, number) == world.has(GREEN, found))
                .forEach(number -> stop(world, number));
        return answer(world, Event.STOPPED);
    }

    private static void stop(World world, int number) {
        long running = IntStream.range(0, ENVIRONMENTS).filter(world::runs).count();
        if (world.hasUsers(number) || number == world.get(STABLE) || running == 1) {
            throw new ViolationException(
                    "I3",
                    "release " + number + " was stopped, which has the traffic, is the stable"
                            + " one, or the last that runs");
        }
        world.set(ENVIRONMENT + number, GONE);
    }

    private static List<Result> chosen(World world, int process) {
        boolean wayBack = world.of(process, FOUND) - 1 == world.get(BEFORE_STABLE) && world.get(ROLLS_BACK) == 0;
        return Stream.of(Event.KEEP, Event.LET_GO)
                .filter(event -> wayBack || event == Event.LET_GO)
                .map(event -> answer(world.copy(), event))
                .toList();
    }

    private static Result checked(World world, int process) {
        boolean alone = world.get(TARGET) == world.get(STABLE) && world.get(CANARY) == NONE;
        boolean astray = !alone && world.environment(world.get(STABLE)) == WELL;
        return astray ? answer(world.flag(process, YES), Event.ASTRAY) : answer(world, Event.STANDS);
    }

    private static Result answer(World world, Event event) {
        return new Result(world, Optional.of(event), Optional.empty(), " -> " + event);
    }

    private static Result trouble(World world, Event event) {
        return new Result(world, Optional.empty(), Optional.of(event), " -> " + event);
    }
}
