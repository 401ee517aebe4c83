package dev.nonevent.pipeline.bluegreen.protocol;

import static dev.nonevent.pipeline.bluegreen.protocol.Action.*;
import static dev.nonevent.pipeline.bluegreen.protocol.Event.*;
import static dev.nonevent.pipeline.bluegreen.protocol.State.*;

import java.util.ArrayList;
import java.util.List;

/** A protocol, or a world, with one mistake in it that somebody could make; and the invariant that has to find it. */
enum Mutant {
    SWITCH_BEFORE_THE_HEALTH_RECORD(
            "I1", Adversary.SOUND, row(PROBING, FIT, READY, PROBE_AGAIN), row(BEGUN, FIT, READY, PROBE_AGAIN)),
    SWITCH_WITHOUT_INTENT("I6", Adversary.SOUND, row(READY, FIT, State.SWITCHING, SWITCH)),
    ROUTER_WITHOUT_FENCE("I4", new Adversary(false, false)),
    RECOVERY_WITHOUT_RAISING_THE_FENCE("I4", Adversary.SOUND, unfenced()),
    RECOVERY_ASSUMES_NOT_SWITCHED(
            "I5", Adversary.SOUND, row(State.SWITCHING, RECOVER, UNDOING, Fact.REMOVING, FIND_ITS)),
    STOP_BY_COLOUR("I3", new Adversary(true, true)),
    STOP_THE_OLD_BEFORE_THE_COMMIT(
            "I3",
            Adversary.SOUND,
            row(State.SWITCHING, SWITCHED, BAKING, Fact.SWITCHED, FIND_OLD),
            row(BAKING, OLD_RUNS, BAKING, Fact.STOPPING, STOP),
            row(BAKING, STOPPED, BAKING, Fact.STOPPED, BAKE),
            row(BAKING, OLD_GONE, BAKING, BAKE)),
    ROLLBACK_WITHOUT_ASKING_THE_OLD(
            "I10",
            Adversary.SOUND,
            row(BAKING, UNPROVEN, State.BACKING, Fact.SWITCHING_BACK, SWITCH_BACK),
            row(BAKING, Event.CANCELLED, State.BACKING, Fact.SWITCHING_BACK, SWITCH_BACK),
            row(BAKING, FAILED, State.BACKING, Fact.SWITCHING_BACK, SWITCH_BACK)),
    SPLIT_WITHOUT_INTENT("I6", Adversary.SOUND, row(READY, FIT_FOR_PART, State.SHIFTING, SHIFT)),
    RECOVERY_ASSUMES_NOT_SPLIT("I5", Adversary.SOUND, row(State.SHIFTING, RECOVER, UNDOING, Fact.REMOVING, FIND_ITS)),
    CANARY_STOPPED_WITH_USERS_ON_IT("I5", Adversary.SOUND, row(ANALYSING, UNPROVEN, UNDOING, Fact.REMOVING, FIND_ITS)),
    EFFECT_BEFORE_INTENT(
            "I6",
            Adversary.SOUND,
            row(BEGUN, COLD, State.CREATING, START, Fact.CREATING),
            row(State.CREATING, WRITTEN, PROBING, Fact.CREATED, PROBE));

    private final String invariant;
    private final Adversary adversary;
    private final List<Row> rows;

    Mutant(String invariant, Adversary adversary, Row... rows) {
        this.invariant = invariant;
        this.adversary = adversary;
        this.rows = List.of(rows);
    }

    String invariant() {
        return invariant;
    }

    Adversary adversary() {
        return adversary;
    }

    /** The product's table with these rows instead of its own. */
    Table protocol() {
        List<Row> mutated = new ArrayList<>(Table.BLUE_GREEN.rows());
        mutated.removeIf(old -> rows.stream().anyMatch(row -> row.from() == old.from() && row.on() == old.on()));
        mutated.addAll(rows);
        return new Table(mutated);
    }

    private static Row row(State from, Event on, State to, Effect... effects) {
        return new Row(from, on, to, List.of(effects));
    }

    private static Row[] unfenced() {
        return State.startable().stream()
                .map(state -> row(state, TAKEN, state, SEE))
                .toArray(Row[]::new);
    }
}
