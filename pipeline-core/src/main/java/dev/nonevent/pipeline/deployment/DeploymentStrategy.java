package dev.nonevent.pipeline.deployment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A way to bring a release to its users and back. What is declared here is data; state lives under the context's home.
 *
 * @param <A> what it deploys
 * @param <R> what it answers
 */
public interface DeploymentStrategy<A, R> {

    /** The application's name: the key of its state. */
    String application();

    /** Everything wrong with the declaration itself, as sentences; asked at plan time, without any I/O. */
    List<String> problems();

    /** One line for the plan: {@code blue-green "shop" on local processes, router on port 8000}. */
    String description();

    /** For the plan: how long its parts take at worst, by the declaration alone, a line each; none if nobody can say. */
    default List<String> worstCase() {
        return List.of();
    }

    /**
     * How long a deployment takes at worst, waiting for a person aside; a stage whose timeout is shorter is refused. Empty if
     * nobody can say.
     */
    default Optional<Duration> longest() {
        return Optional.empty();
    }

    /**
     * Deploys. On return the release is stable and has the traffic. An interrupt of the calling thread undoes what was
     * begun before it leaves.
     *
     * @throws DeploymentFailedException if the release was refused or rolled back; users are where they were before
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if the world is in the way; nothing is destroyed
     */
    R deploy(A artifact, DeploymentContext context) throws InterruptedException;

    /** Back to the release that was stable before this one. */
    String rollBack(DeploymentContext context) throws InterruptedException;

    /** What a person may order of it; nothing if it does not say. */
    default Set<Order> orders() {
        return Set.of();
    }

    /**
     * Carries out what a person orders, or hands it to whoever is at work on the application, in whatever process.
     *
     * @return what that person is told
     * @throws IllegalArgumentException if it takes no such order
     * @throws DeploymentFailedException if there is no deployment that the order could be for, or, for one that is tried
     *     again, as {@link #deploy} does
     */
    default String give(Order order, DeploymentContext context) throws InterruptedException {
        throw new IllegalArgumentException(description() + " takes no order to " + order);
    }

    /** Where traffic is and what runs, read only. */
    String inspect(DeploymentContext context);

    /** Finishes or undoes what a dead process left open; empty if nothing was open. Also done before every deployment. */
    List<String> recover(DeploymentContext context) throws InterruptedException;

    /** Removes every instance and the router of the application; its ledger stays. */
    String down(DeploymentContext context) throws InterruptedException;

    /** What was deployed so far, oldest first. */
    List<DeploymentRecord> history(DeploymentContext context);
}
