package dev.nonevent.pipeline.plan;

import dev.nonevent.pipeline.definition.Approval;
import dev.nonevent.pipeline.definition.Lock;
import dev.nonevent.pipeline.definition.Scheduling;
import java.util.Optional;
import java.util.stream.Collectors;

/** When a stage may start, and start again, in words. */
record SchedulingWords(Scheduling scheduling) {

    /** {@code waits for approval by ops, at most 168h}. */
    Optional<String> approval() {
        return scheduling.approval().map(SchedulingWords::waits);
    }

    private static String waits(Approval approval) {
        return "waits for approval by " + approval.by() + ", at most " + PlanText.duration(approval.within());
    }

    /** {@code production (cancels older runs), database}; empty if there are none. */
    String locks() {
        return scheduling.locks().stream().map(SchedulingWords::lock).collect(Collectors.joining(", "));
    }

    private static String lock(Lock lock) {
        return lock.name()
                + switch (lock.policy()) {
                    case QUEUE -> "";
                    case CANCEL_OLDER -> " (cancels older runs)";
                    case FAIL -> " (blocked if it is taken)";
                };
    }

    /** {@code up to 2 times, whatever went wrong}; empty if only the infrastructure is a reason. */
    String retries() {
        return scheduling
                .retries()
                .map(times -> times == 0
                        ? "never"
                        : "up to " + times + (times == 1 ? " time" : " times") + ", whatever went wrong")
                .orElse("");
    }
}
