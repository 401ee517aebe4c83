package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one stage in one container, made by the first of them; one command at a time. After a command that
 * was killed, or took its container with it, the next one gets a new container.
 */
final class DockerSession implements Session {

    private final Surroundings surroundings;
    private final SessionRequest request;
    private final AtomicBoolean hasShell;
    private final TimeSource time;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock turn = new ReentrantLock();

    // Changed only by who has the turn.
    private volatile @Nullable StageContainer container;

    /** @param hasShell whether the image has one, as far as is known: without it, each command has a container of its own */
    DockerSession(Surroundings surroundings, SessionRequest request, AtomicBoolean hasShell, TimeSource time) {
        this.surroundings = surroundings;
        this.request = request;
        this.hasShell = hasShell;
        this.time = time;
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            if (closed.get()) {
                throw new IllegalStateException(command.line() + " came after its session was closed");
            }
            Workspace.requireBelow(request.workspace(), command.directory());
            if (hasShell.get()) {
                try {
                    return run(command, output, opened(output));
                } catch (ShellMissingException nothingHasRun) {
                    hasShell.set(false);
                }
            }
            try (Visit visit = Visit.to(surroundings, request.pins(), request.workspace(), output)) {
                return visit.carryOut(command, output, false, time);
            }
        } finally {
            turn.unlock();
        }
    }

    private CommandResult run(Command command, CommandOutput output, StageContainer open) throws InterruptedException {
        CommandResult result;
        try {
            result = open.run(command, output);
        } catch (InterruptedException e) {
            throw goneAfter(e, InterruptedException::new);
        } catch (RuntimeException e) {
            throw goneAfter(e, InfrastructureException::new);
        }
        if (!open.mayStay()) {
            remove();
        }
        return result;
    }

    private StageContainer opened(CommandOutput output) throws InterruptedException {
        StageContainer open = container;
        if (open == null) {
            open = StageContainer.prepare(Visit.to(surroundings, request.pins(), request.workspace(), output), time);
            container = open;
        }
        return open;
    }

    /** Removes the container if it may not stay; if that fails too, the sentence says both. */
    private <X extends Exception> X goneAfter(X failure, Function<String, X> worse) {
        StageContainer open = container;
        if (open == null || open.mayStay()) {
            return failure;
        }
        try {
            remove();
            return failure;
        } catch (InfrastructureException left) {
            X both = worse.apply(left.getMessage() + "; before that: " + failure.getMessage());
            both.addSuppressed(failure);
            return both;
        }
    }

    private void remove() {
        StageContainer open = container;
        if (open != null) {
            container = null;
            open.remove();
        }
    }

    /** A command that still runs, on another thread, loses its container. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (!turn.tryLock()) {
            StageContainer busy = container;
            if (busy != null) {
                busy.kill();
            }
            turn.lock();
        }
        try {
            remove();
        } finally {
            turn.unlock();
        }
    }
}
