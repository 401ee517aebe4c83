package dev.nonevent.pipeline.bluegreen.protocol;

import java.util.Arrays;

/**
 * One state of everything: ledger, router, environments, processes, and what the adversary may still do. A row of small
 * numbers, so that two of them are quickly compared.
 */
final class World {

    // The ledger, as far as its facts matter.
    static final int STATE = 0;
    static final int OPERATION = 1;
    /** The environment the operation is about. */
    static final int OWN = 2;

    static final int ROLLS_BACK = 3;
    static final int PREDECESSOR = 4;
    static final int STABLE = 5;
    static final int BEFORE_STABLE = 6;
    static final int KEPT = 7;
    static final int HEALTHY = 8;
    static final int CREATING = 9;
    static final int SWITCHING = 10;
    static final int BACKING = 11;
    static final int STOPPING = 12;
    static final int LEDGER_FENCE = 13;
    static final int COMMITTED = 14;
    // The router.
    static final int TARGET = 15;
    static final int ROUTER_FENCE = 16;
    static final int RAISED = 17;
    /** The environment that a part of the users is with. */
    static final int CANARY = 18;
    // The environments.
    static final int GREEN = 19;
    static final int ENVIRONMENT = 20;
    // What may still happen.
    static final int FAULTS = 23;
    static final int STARTS = 24;
    // The processes.
    static final int PROCESS = 25;
    static final int CELLS = 9;

    static final int ALIVE = 0;
    static final int FENCE = 1;
    static final int AT = 2;
    static final int ON = 3;
    static final int PLACE = 4;
    static final int PROGRAM = 5;
    static final int FOUND = 6;
    static final int FLAGS = 7;
    /** The environment it has begun with, which another process knows nothing of by now. */
    static final int ITS = 8;

    static final int TURNS_BACK = 1;
    static final int TROUBLED = 2;
    static final int YES = 4;
    static final int CANCELLED = 8;
    static final int DISTURBED = 16;
    /** What it switches to ran before. */
    static final int WARM = 32;

    static final int ABSENT = 0;
    static final int WELL = 1;
    static final int SICK = 2;
    static final int GONE = 3;
    static final int NONE = -1;
    static final int ENVIRONMENTS = 3;

    private final byte[] cells;

    private World(byte[] cells) {
        this.cells = cells;
    }

    /** One stable release serves, and nothing has gone wrong yet. */
    static World first(int processes, int faults, int starts) {
        World world = new World(new byte[PROCESS + processes * CELLS]);
        world.set(STATE, State.DONE.ordinal());
        world.set(PREDECESSOR, NONE).set(BEFORE_STABLE, NONE).set(KEPT, NONE).set(CANARY, NONE);
        world.set(HEALTHY, 1).set(CREATING, 1).set(SWITCHING, 1);
        world.set(ENVIRONMENT, WELL);
        return world.set(FAULTS, faults).set(STARTS, starts);
    }

    World copy() {
        return new World(cells.clone());
    }

    int get(int cell) {
        return cells[cell];
    }

    World set(int cell, int value) {
        cells[cell] = (byte) value;
        return this;
    }

    World add(int cell, int number) {
        return set(cell, get(cell) + number);
    }

    boolean has(int cell, int bit) {
        return (get(cell) >> bit & 1) == 1;
    }

    World mark(int cell, int bit) {
        return set(cell, get(cell) | 1 << bit);
    }

    int processes() {
        return (cells.length - PROCESS) / CELLS;
    }

    int of(int process, int cell) {
        return get(PROCESS + process * CELLS + cell);
    }

    World let(int process, int cell, int value) {
        return set(PROCESS + process * CELLS + cell, value);
    }

    boolean is(int process, int flag) {
        return (of(process, FLAGS) & flag) != 0;
    }

    World flag(int process, int flag) {
        return let(process, FLAGS, of(process, FLAGS) | flag);
    }

    World unflag(int process, int flag) {
        return let(process, FLAGS, of(process, FLAGS) & ~flag);
    }

    int environment(int number) {
        return number == NONE ? GONE : get(ENVIRONMENT + number);
    }

    boolean hasUsers(int number) {
        return number == get(TARGET) || number == get(CANARY);
    }

    boolean runs(int number) {
        return environment(number) == WELL || environment(number) == SICK;
    }

    State state() {
        return State.values()[get(STATE)];
    }

    /** A process that has ended leaves nothing behind but what the others can see. */
    World end(int process) {
        Arrays.fill(cells, PROCESS + process * CELLS, PROCESS + (process + 1) * CELLS, (byte) 0);
        return this;
    }

    boolean anyoneAlive() {
        for (int process = 0; process < processes(); process++) {
            if (of(process, ALIVE) == 1) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof World world && Arrays.equals(cells, world.cells);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(cells);
    }
}
