package dev.nonevent.pipeline.definition;

import java.util.List;
import java.util.Optional;

/**
 * What was said about when a stage or gate may start, and start again.
 *
 * @param retries how often it is tried again whatever went wrong; empty: only after errors of the infrastructure, as often as
 *     the runner says
 * @param locks what it must have to itself, in the order of their names, so that no two wait for each other
 */
public record Scheduling(Optional<Integer> retries, List<Lock> locks, Optional<Approval> approval) {

    public Scheduling {
        locks = List.copyOf(locks);
    }
}
