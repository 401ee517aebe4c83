package dev.nonevent.pipeline.executor;

import java.util.concurrent.atomic.AtomicBoolean;

/** A session with nothing to keep between its commands. */
final class OneByOne implements Session {

    private final CommandExecutor executor;
    private final AtomicBoolean closed = new AtomicBoolean();

    OneByOne(CommandExecutor executor) {
        this.executor = executor;
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        if (closed.get()) {
            throw new IllegalStateException(command.line() + " came after its session was closed");
        }
        return executor.run(command, output);
    }

    /** Each command has ended all it started. */
    @Override
    public void close() {
        closed.set(true);
    }
}
