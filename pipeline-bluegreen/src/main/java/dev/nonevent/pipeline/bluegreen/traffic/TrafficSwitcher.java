package dev.nonevent.pipeline.bluegreen.traffic;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who points the users of an application at one of its deployments: our router, or a proxy you already have. What is
 * declared here is data; {@link #open} reaches for the world.
 *
 * <p>{@code TrafficSwitcherContract} states the promises as tests.
 */
public interface TrafficSwitcher {

    /** For the plan: {@code router on port 8000}. */
    String description();

    /** What it can do beyond a switch of all users at once; without any I/O. Nothing, unless it says so. */
    default Set<Capability> capabilities() {
        return Set.of();
    }

    /** Everything wrong with the declaration itself, as sentences; without any I/O. */
    List<String> problems();

    /**
     * Finds what carries the application's traffic, or starts it.
     *
     * @param home where its durable state is
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if it can neither be found nor started, saying why
     */
    Traffic open(String application, Path home) throws InterruptedException;

    /** Finds what carries the application's traffic and starts nothing; empty if nothing does. */
    Optional<Traffic> find(String application, Path home);
}
