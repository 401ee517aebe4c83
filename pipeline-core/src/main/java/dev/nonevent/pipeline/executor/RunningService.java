package dev.nonevent.pipeline.executor;

import java.util.Optional;

/** A service that was ready once. Safe for use by several threads. */
public interface RunningService extends AutoCloseable {

    /** Where processes of this machine reach it. */
    ServiceAddress address();

    /** How it ended, if nobody ended it: {@code exited 1}, {@code was killed for want of memory}; empty while it runs. */
    Optional<String> ended();

    /**
     * Ends it. When this returns nothing of it is alive and it prints nothing more; a second call does nothing.
     *
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if something of it is left, saying what
     */
    @Override
    void close();
}
