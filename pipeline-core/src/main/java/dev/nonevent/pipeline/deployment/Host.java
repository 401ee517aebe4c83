package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where instances run. Every method is idempotent; a host remembers nothing that it cannot find again after a crash.
 *
 * <p>{@code HostContract} in the test-jar states the promises as tests.
 *
 * @param <A> what it can run
 */
public interface Host<A> {

    /** Makes the artifact last under {@code home} and says how it is started. Starts nothing. */
    Blueprint prepare(A artifact, ArtifactStore store, Path home);

    /**
     * Starts one instance for this deployment; one that is already running for it is adopted, not doubled. If it consists of
     * several replicas, all of them run then, also those that somebody who died had not started yet; and if one of them cannot
     * be started, none that was started here runs on.
     *
     * @param deployment unique for ever, such as {@code shop-17}
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if it cannot be started
     */
    Instance start(String application, String deployment, Blueprint blueprint, Path home) throws InterruptedException;

    /** How many addresses its instances have: more than one if each of several replicas is to be given its part of traffic. */
    default int addresses() {
        return 1;
    }

    /** Whether exactly this instance is alive; of several replicas, every one that its identity names. */
    boolean isRunning(Instance instance);

    /**
     * Every instance of the application that is alive, found by its mark and not by memory. One of whose replicas some have
     * ended is among them, as what is left: by another identity, and at the addresses of those that are there or coming back.
     */
    List<Instance> running(String application, Path home);

    /**
     * Stops exactly this instance, with every replica, and all it started: asks, waits for the grace, then kills. An instance that is gone
     * already is fine; a stranger who took over its pid or port is not touched.
     */
    void stop(Instance instance, Duration grace) throws InterruptedException;

    /** Where the instance finds files that are meant for it alone: the directory it was started in; empty if there is none. */
    default Optional<Path> directory(Instance instance, Path home) {
        return Optional.empty();
    }

    /**
     * A moment in which what is not needed any more may go: what was kept so that a release of the application can be started
     * again, and what is left of instances that have ended. What runs is not touched. Nothing hangs on it: it comes again
     * after the next deployment.
     *
     * @param needed of all releases that may be started again
     */
    default void tidy(String application, Collection<Blueprint> needed, Path home) {}

    /** The end of what the instance printed, for the person who asks why; at most {@code lines} lines. */
    List<String> lastLines(Instance instance, Path home, int lines);
}
