package dev.nonevent.pipeline.executor;

/**
 * A place in which the commands of one stage are carried out one after the other, such as one container.
 *
 * <p>What a command writes into the workspace, the next one finds. A command that fails, takes too long or is
 * interrupted does not end the session. Safe for use by several threads; of two commands at once, one may wait for the
 * other.
 */
public interface Session extends AutoCloseable {

    /**
     * As {@link CommandExecutor#run}, here.
     *
     * @param command its directory is the session's workspace or below it
     * @throws IllegalStateException if the session is closed
     */
    CommandResult run(Command command, CommandOutput output) throws InterruptedException;

    /**
     * Ends it: when this returns, nothing that was started in or for it is alive. A second time does nothing.
     *
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if something may be alive or left, saying what, and
     *     how to end it by hand
     */
    @Override
    void close();
}
