package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.docker.inside.Workspace;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The commands of one stage, each in a task of its own, with one connection to the swarm; one command at a time. */
final class TaskSession implements Session {

    private final TaskShape shape;
    private final Path workspace;
    private final Pins pins;
    private final TimeSource time;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ReentrantLock turn = new ReentrantLock();

    // Changed only by who has the turn.
    private @Nullable SwarmVisit visit;
    private volatile @Nullable OneShot busy;

    TaskSession(TaskShape shape, Path workspace, Pins pins, TimeSource time) {
        this.shape = shape;
        this.workspace = workspace;
        this.pins = pins;
        this.time = time;
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        turn.lockInterruptibly();
        try {
            if (closed.get()) {
                throw new IllegalStateException(command.line() + " came after its session was closed");
            }
            Workspace.requireBelow(workspace, command.directory());
            OneShot next = new OneShot(opened(output), command, output, time);
            busy = next;
            return next.run();
        } finally {
            busy = null;
            turn.unlock();
        }
    }

    private SwarmVisit opened(CommandOutput output) throws InterruptedException {
        SwarmVisit open = visit;
        if (open == null) {
            open = SwarmVisit.to(shape, pins, workspace, output);
            visit = open;
        }
        return open;
    }

    /** A command that still runs, on another thread, loses its task. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (!turn.tryLock()) {
            OneShot running = busy;
            if (running != null) {
                running.abandon();
            }
            turn.lock();
        }
        try {
            SwarmVisit open = visit;
            visit = null;
            if (open != null) {
                open.close();
            }
        } finally {
            turn.unlock();
        }
    }
}
