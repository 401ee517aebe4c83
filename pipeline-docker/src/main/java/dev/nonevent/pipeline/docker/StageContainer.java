package dev.nonevent.pipeline.docker;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.inside.Order;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * The container of a stage, whose main process is a shell that is handed the commands on its input. The first of them is
 * there before it starts; after the last it ends by itself. One command at a time.
 */
final class StageContainer {

    /** A shell that is told to end and does not is killed after this. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Visit visit;
    private final Container container;
    private final TimeSource time;
    private Attached shell;
    private boolean started;
    private int signals;
    private volatile boolean mayStay = true;

    private StageContainer(Visit visit, Container container, Attached shell, TimeSource time) {
        this.visit = visit;
        this.container = container;
        this.shell = shell;
        this.time = time;
    }

    /** Its first command starts it. If this throws, there is none. */
    static StageContainer prepare(Visit visit, TimeSource time) throws InterruptedException {
        try {
            Container container = visit.creation().serving();
            try {
                return new StageContainer(visit, container, Attached.to(container), time);
            } catch (InterruptedException e) {
                throw container.removedAfter(e, InterruptedException::new);
            } catch (InfrastructureException e) {
                throw container.removedAfter(e, InfrastructureException::new);
            }
        } catch (InterruptedException | RuntimeException e) {
            visit.close();
            throw e;
        }
    }

    /**
     * @throws InterruptedException if the thread is interrupted; the command has been stopped
     * @throws ShellMissingException if the image has no shell; nothing has run
     */
    CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        StageCommand running = new StageCommand(container, visit.creation(), command, output, time, signals);
        mayStay = false;
        if (started && shell.ended().isDone()) {
            shell = attachedAgain(command);
        }
        try {
            if (started) {
                return running.run(shell);
            }
            started = true;
            return running.runAsTheFirst(shell);
        } finally {
            mayStay = running.containerMayStay();
            signals = running.signals();
        }
    }

    /** The connection broke while there was nothing to say. */
    private Attached attachedAgain(Command command) throws InterruptedException {
        boolean exited = shell.hasExited();
        shell.close();
        if (exited || !Boolean.TRUE.equals(container.state().getRunning())) {
            throw Sentences.gone(command, container);
        }
        return Attached.again(container);
    }

    /** Whether it is good for another command. */
    boolean mayStay() {
        return mayStay;
    }

    void kill() {
        container.signal("KILL");
    }

    void remove() {
        try (visit;
                Attached last = shell) {
            if (mayStay && started) {
                // It ends faster by itself than by a signal of the engine's.
                last.say(Order.end());
                awaitExit(last);
            }
            container.remove();
        }
    }

    private static void awaitExit(Attached shell) {
        try {
            Uninterruptibles.getUninterruptibly(shell.exit(), FAREWELL);
        } catch (ExecutionException | TimeoutException killedByItsRemoval) {
            return;
        }
    }
}
