package dev.nonevent.pipeline.executor;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The services of one run, to each of them: what they have in common is kept here, such as a network. Safe for use by
 * several threads.
 */
public final class ServiceGroup {

    private final String run;

    // Guarded by this.
    private final Map<Class<?>, Object> shared = new HashMap<>();

    /** @param run the run's name, unique among those under one home */
    public ServiceGroup(String run) {
        this.run = run;
    }

    public String run() {
        return run;
    }

    /** The one object of this type that the group has, made when it is first asked for. */
    public synchronized <T> T shared(Class<T> type, Supplier<? extends T> first) {
        return type.cast(shared.computeIfAbsent(type, none -> first.get()));
    }
}
