package dev.nonevent.pipeline.executor;

import java.util.List;

/**
 * Where commands are carried out: this machine, a container, something of your own.
 *
 * <p>Implementations are safe for use by several threads. {@code CommandExecutorContract} in the test-jar states the
 * promises as tests.
 */
public interface CommandExecutor {

    /**
     * Carries the command out and waits for its end. When this method returns or throws, nothing the command started is
     * alive, or the message says which processes survived.
     *
     * @return how it ended, whatever its exit code
     * @throws CommandTimedOutException if it took longer than its timeout
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if it could not be started
     * @throws InterruptedException if the calling thread is interrupted; the command has been stopped
     */
    CommandResult run(Command command, CommandOutput output) throws InterruptedException;

    /**
     * A place for all commands of one stage. What it needs is made by its first command, and told to that command's
     * output; opening it costs nothing.
     *
     * <p>Unless overridden, each command is carried out by itself with {@link #run}. An executor that passes commands on
     * to another one passes this on as well.
     */
    default Session open(SessionRequest request) {
        return new OneByOne(this);
    }

    /** Where commands in here reach the service. */
    default ServiceAddress addressOf(RunningService service) {
        return service.address();
    }

    /** Why commands in here could not reach these services, as sentences for a plan; empty if they can. */
    default List<String> problemsWith(List<Service> services) {
        return List.of();
    }

    /**
     * What keeps commands from being carried out right now, as sentences with a way out; empty if nothing is known to.
     * Asks the world, changes nothing, and takes seconds at most.
     */
    default List<String> obstacles() {
        return List.of();
    }

    /** Whether commands in here can read any file of this machine that its user can, not only those of their workspace. */
    default boolean readsThisMachine() {
        return false;
    }

    /** For people, in a plan and in a failure: {@code this machine}, {@code busybox:1.36}. */
    String description();
}
