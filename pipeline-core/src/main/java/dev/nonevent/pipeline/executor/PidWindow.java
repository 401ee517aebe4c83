package dev.nonevent.pipeline.executor;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.Optional;

/**
 * Which pids can have been given to a process since a moment, so that a look after a short command need not read the
 * hundreds that are older.
 *
 * <p>Linux gives pids away in rising order, passes over those in use, and starts again at the end
 * ({@code idr_alloc_cyclic} in {@code kernel/pid.c}). Giving one away, also to a fork that fails afterwards, costs a
 * processor some microseconds; here it is 2, half of what the cheapest clone takes. What was passed over was in use at the
 * first moment or given away since. As long as all of that together is less than all pids, it has not gone all the way
 * round; and if the last pid given away is then above the first one, it has not gone round at all, and all lie between
 * the two. If any of this is not told or does not hold, any pid is possible.
 *
 * @param opened the first moment
 * @param tasks what there was at that moment
 * @param most one more than the highest pid; 0 if it is not told
 */
record PidWindow(ProcessTable table, TimeSource time, long opened, long tasks, long most) {

    private static final long NANOS_A_PID = 2_000;

    /** Begins now. */
    static PidWindow open(ProcessTable table, TimeSource time) {
        long opened = time.nanos();
        Optional<ProcessTable.Load> load = table.load();
        return new PidWindow(
                table,
                time,
                opened,
                load.map(ProcessTable.Load::tasks).orElse(0L),
                load.isPresent() ? table.mostPids() : 0);
    }

    /** Tells nothing: any pid is possible. */
    static PidWindow unknown(ProcessTable table) {
        return new PidWindow(table, TimeSource.system(), 0, 0, 0);
    }

    /**
     * Which pids can have been given away from this one on, up to now.
     *
     * @param first a pid that was given away in the window
     */
    Pids since(long first) {
        long givenAway = (time.nanos() - opened) / NANOS_A_PID * table.processors();
        boolean known = most > 0 && table.processors() > 0 && givenAway >= 0 && 2 * givenAway + tasks < most;
        return known
                ? table.load()
                        .filter(load -> load.last() >= first)
                        .map(load -> new Pids(first, load.last()))
                        .orElse(Pids.ANY)
                : Pids.ANY;
    }

    /** Some pids, both ends included. */
    record Pids(long from, long to) {

        static final Pids ANY = new Pids(0, Long.MAX_VALUE);

        boolean contain(long pid) {
            return pid >= from && pid <= to;
        }
    }
}
