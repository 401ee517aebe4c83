package dev.nonevent.pipeline.bluegreen.protocol;

import static dev.nonevent.pipeline.bluegreen.protocol.Action.*;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.*;
import static dev.nonevent.pipeline.bluegreen.protocol.Row.in;
import static dev.nonevent.pipeline.bluegreen.protocol.State.*;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole protocol, in the order in which a deployment meets it. A row that changes a durable state writes the fact that
 * does, before anything else but the fence; so the ledger's facts, read through the same rows, lead to the same state.
 */
final class Transitions {

    private Transitions() {}

    static List<Row> rows() {
        return Stream.of(
                        takingOver(),
                        deploying(),
                        canarying(),
                        pausing(),
                        turningBack(),
                        barred(),
                        recovering(),
                        retiring(),
                        tidying(),
                        goingDown())
                .flatMap(part -> part.flatMap(Collection::stream))
                .toList();
    }

    /** Fence before sight: what is seen cannot be changed any more by whoever held the application before. */
    private static Stream<List<Row>> takingOver() {
        return Stream.of(
                in(State.startable()).on(TAKEN).stay(RAISE_FENCE, SEE),
                in(State.startable()).on(OURS).stay(),
                in(State.startable()).on(FOREIGN).to(HELD, Fact.HELD),
                in(State.durable()).on(UNKNOWN).to(HELD, Fact.HELD),
                in(State.durable()).on(LOST).to(LEFT));
    }

    private static Stream<List<Row>> deploying() {
        return Stream.of(
                in(State.over()).on(BEGIN).to(BEGUN, Fact.BEGUN, ASK_WARM),
                in(BEGUN).on(COLD).to(CREATING, Fact.CREATING, START),
                in(CREATING).on(CREATED).to(PROBING, Fact.CREATED, PROBE),
                in(BEGUN).on(WARM).stay(PROBE),
                in(BEGUN, PROBING).on(FIT).to(READY, Fact.HEALTHY, PROBE_AGAIN),
                in(BEGUN, PROBING, READY).on(UNFIT).to(REFUSED, Fact.REFUSED, LOOK),
                in(READY).on(FIT).to(SWITCHING, Fact.SWITCHING, SWITCH),
                in(SWITCHING).on(SWITCHED).to(BAKING, Fact.SWITCHED, BAKE),
                in(BAKING).on(PROVEN).to(COMMITTED, Fact.COMMITTED, DISMISS_STANDBY, FIND_OLD));
    }

    /**
     * A part of the users first, then a larger one. Whoever finds users split goes on with the part that he sees, and its time
     * begins anew: the release was good enough for it, and the others have a proven one.
     */
    private static Stream<List<Row>> canarying() {
        return Stream.of(
                in(READY).on(FIT_FOR_PART).to(SHIFTING, Fact.SHIFTING, SHIFT),
                in(SHIFTING).on(SHIFTED).to(ANALYSING, Fact.SHIFTED, ANALYSE),
                in(ANALYSING).on(GROWS).to(SHIFTING, Fact.SHIFTING, SHIFT),
                in(ANALYSING).on(PROVEN).to(SWITCHING, Fact.SWITCHING, SWITCH),
                in(ANALYSING).on(UNPROVEN, CANCELLED, FAILED, ABORT).stay(ASK_STABLE),
                in(ANALYSING).on(STABLE_ANSWERS).to(BACKING, Fact.SWITCHING_BACK, SWITCH_BACK),
                in(ANALYSING).on(STABLE_SILENT).to(NEEDS_HUMAN, Fact.NEEDS_HUMAN),
                in(SHIFTING).on(FAILED, ABORT).stay(LOOK_BACK),
                in(SHIFTING, SWITCHING).on(PARTLY_REACHED).to(ANALYSING, Fact.SHIFTED, ASK_STABLE),
                in(SHIFTING).on(UNREACHED, ELSEWHERE).to(UNDOING, Fact.REMOVING, FIND_ITS),
                in(SHIFTING).on(REACHED).to(HELD, Fact.HELD),
                in(SHIFTING, ANALYSING).on(RECOVER).stay(LOOK),
                in(SHIFTING, SWITCHING).on(PARTLY_ON_IT).to(ANALYSING, Fact.SHIFTED, ANALYSE),
                in(ANALYSING).on(PARTLY_ON_IT).stay(ANALYSE),
                in(ANALYSING).on(ELSEWHERE).stay(ASK_STABLE),
                in(SHIFTING, ANALYSING).on(ON_IT).to(HELD, Fact.HELD),
                in(PREPARING).on(PARTLY_ON_IT).to(HELD, Fact.HELD),
                in(UNDOING).on(PARTLY_ON_IT).to(HELD, Fact.HELD),
                in(BAKING).on(PARTLY_ON_IT).stay(ASK_WAY_BACK),
                in(COMMITTED, DRAINING, RETIRING).on(PARTLY_ON_IT).to(DONE, Fact.DONE));
    }

    /** A person has time: what is watched stays watched, and a part of the users stays the same part. */
    private static Stream<List<Row>> pausing() {
        return Stream.of(
                in(ANALYSING).on(PAUSE).stay(Fact.PAUSED, ANALYSE),
                in(ANALYSING).on(GO_ON).stay(Fact.RESUMED, ANALYSE),
                in(BAKING).on(PAUSE).stay(Fact.PAUSED, BAKE),
                in(BAKING).on(GO_ON).stay(Fact.RESUMED, BAKE));
    }

    /** What cannot be undone keeps users where they are, however bad that is: a person has to look. */
    private static Stream<List<Row>> barred() {
        return Stream.of(in(BAKING).on(BARRED).to(NEEDS_HUMAN, Fact.NEEDS_HUMAN));
    }

    /** Before the switch what was started goes; after it users go first, and only to a release that answers. */
    private static Stream<List<Row>> turningBack() {
        return Stream.of(
                in(BEGUN, CREATING, PROBING, READY).on(CANCELLED).stay(LOOK),
                in(PREPARING).on(FAILED, ABORT).stay(LOOK),
                in(SWITCHING).on(FAILED, ABORT).stay(LOOK_BACK),
                in(SWITCHING).on(REACHED).to(BAKING, Fact.SWITCHED, ASK_WAY_BACK),
                in(SWITCHING).on(UNREACHED).to(UNDOING, Fact.REMOVING, FIND_ITS),
                in(BAKING).on(UNPROVEN, CANCELLED, FAILED, ABORT).stay(ASK_WAY_BACK),
                in(BAKING).on(STABLE_ANSWERS).to(BACKING, Fact.SWITCHING_BACK, SWITCH_BACK),
                in(BAKING).on(STABLE_SILENT).to(NEEDS_HUMAN, Fact.NEEDS_HUMAN),
                in(BAKING).on(ALONE).to(COMMITTED, Fact.COMMITTED, DISMISS_STANDBY, FIND_OLD),
                in(BACKING).on(SWITCHED_BACK).to(UNDOING, Fact.SWITCHED_BACK, DRAIN_IT),
                in(BACKING).on(CANCELLED, FAILED, ABORT).stay(ASK_STABLE),
                in(BACKING).on(STABLE_ANSWERS).stay(SWITCH_BACK),
                in(BACKING).on(STABLE_SILENT).to(NEEDS_HUMAN, Fact.NEEDS_HUMAN),
                in(UNDOING).on(DRAINED).stay(FIND_ITS),
                in(UNDOING).on(CANCELLED, FAILED, ABORT).stay(LOOK),
                in(UNDOING).on(ONE_RUNS).stay(Fact.STOPPING, STOP),
                in(UNDOING).on(STOPPED).stay(Fact.STOPPED, FIND_ITS),
                in(UNDOING).on(NONE_RUNS).to(ROLLED_BACK, Fact.ROLLED_BACK));
    }

    /** The last durable fact, and where users really are. */
    private static Stream<List<Row>> recovering() {
        return Stream.of(
                in(State.over()).on(RECOVER).stay(),
                in(PREPARING).on(RECOVER).stay(LOOK),
                in(SWITCHING, BAKING, UNDOING).on(RECOVER).stay(LOOK),
                in(COMMITTED, DRAINING, RETIRING).on(RECOVER).stay(LOOK),
                in(PREPARING).on(ELSEWHERE).to(UNDOING, Fact.REMOVING, FIND_ITS),
                in(PREPARING).on(ON_IT).to(HELD, Fact.HELD),
                in(SWITCHING).on(ELSEWHERE).to(UNDOING, Fact.REMOVING, FIND_ITS),
                in(SWITCHING).on(ON_IT).to(BAKING, Fact.SWITCHED, BAKE),
                in(BAKING).on(ELSEWHERE).stay(ASK_WAY_BACK),
                in(BAKING).on(ON_IT).stay(BAKE),
                in(BACKING).on(RECOVER).stay(ASK_STABLE),
                in(UNDOING).on(ELSEWHERE).stay(FIND_ITS),
                in(UNDOING).on(ON_IT).to(HELD, Fact.HELD),
                in(COMMITTED, DRAINING, RETIRING).on(ELSEWHERE).to(DONE, Fact.DONE),
                in(COMMITTED, DRAINING, RETIRING).on(ON_IT).stay(DISMISS_STANDBY, FIND_OLD),
                in(KEEPING).on(RECOVER).to(DONE, Fact.DONE));
    }

    /** Forward only: a stable release is never given up for what becomes of its predecessor. */
    private static Stream<List<Row>> retiring() {
        return Stream.of(
                in(COMMITTED, DRAINING, RETIRING).on(OLD_RUNS).to(DRAINING, Fact.DRAINING, DRAIN_OLD),
                in(COMMITTED, DRAINING, RETIRING).on(OLD_GONE).to(DONE, Fact.DONE),
                in(DRAINING).on(DRAINED).to(RETIRING, Fact.DRAINED, CHOOSE),
                in(RETIRING).on(LET_GO).stay(Fact.STOPPING, STOP),
                in(RETIRING).on(STOPPED).to(DONE, Fact.STOPPED, Fact.DONE),
                in(RETIRING).on(KEEP).to(KEEPING, Fact.KEEPING),
                in(DRAINING, RETIRING).on(CANCELLED).to(KEEPING, Fact.KEEPING),
                in(KEEPING).on(WRITTEN).to(DONE, Fact.DONE),
                in(COMMITTED, DRAINING, RETIRING, KEEPING).on(FAILED).to(LEFT));
    }

    /** While a person is needed nothing goes, and nobody is moved. */
    private static Stream<List<Row>> tidying() {
        return Stream.of(
                in(IDLE, NEEDS_HUMAN).on(TIDY, MAKE_ROOM).stay(),
                in(ROLLED_BACK, DONE).on(TIDY).stay(CHECK_STABLE),
                in(ROLLED_BACK, DONE).on(MAKE_ROOM).stay(FIND_KEPT),
                in(ROLLED_BACK, DONE).on(ASTRAY).stay(POINT),
                in(ROLLED_BACK, DONE).on(STANDS, POINTED).stay(FIND_LEFTOVER),
                in(ROLLED_BACK, DONE).on(LEFTOVER).stay(Fact.STOPPING, STOP),
                in(ROLLED_BACK, DONE).on(STOPPED).stay(Fact.STOPPED, FIND_LEFTOVER),
                in(ROLLED_BACK, DONE).on(CLEAR).stay(),
                in(ROLLED_BACK, DONE).on(CANCELLED).to(LEFT),
                in(State.over()).on(FAILED).to(LEFT));
    }

    /** Users are turned away before anything stops. */
    private static Stream<List<Row>> goingDown() {
        return Stream.of(
                in(State.durable()).on(GO_DOWN).to(ENDING, RAISE_FENCE, Fact.TAKING_DOWN, END_ROUTER),
                in(ENDING).on(ROUTER_ENDED).stay(FIND_ANY),
                in(ENDING).on(LEFTOVER).stay(Fact.STOPPING, STOP_ANY),
                in(ENDING).on(STOPPED).stay(Fact.STOPPED, FIND_ANY),
                in(ENDING).on(CLEAR).to(IDLE, Fact.TAKEN_DOWN),
                in(ENDING).on(CANCELLED).to(LEFT));
    }

    private static final List<State> PREPARING = List.of(BEGUN, CREATING, PROBING, READY, REFUSED);
}
