package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The executor of one stage in a test: it looks up what a command does.
 *
 * @param instead where the stage would run its commands
 */
record StageExecutor(String stage, CommandExecutor instead, CommandBook book, TimeSource time)
        implements CommandExecutor {

    private static final int MOST_LAST_LINES = 50;

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        return run(command, output, command.directory());
    }

    @Override
    public Session open(SessionRequest request) {
        return new Session() {
            @Override
            public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
                return StageExecutor.this.run(command, output, request.workspace());
            }

            @Override
            public void close() {
                // A command that was never started leaves nothing behind.
            }
        };
    }

    @Override
    public boolean readsThisMachine() {
        return instead.readsThisMachine();
    }

    @Override
    public String description() {
        return instead.description();
    }

    private CommandResult run(Command command, CommandOutput output, Path workspace) throws InterruptedException {
        FakeCommand answer = book.answer(stage, workspace, command);
        answer.trouble().ifPresent(sentence -> {
            throw new InfrastructureException(sentence);
        });
        answer.lines().forEach(line -> output.write((line + "\n").getBytes(StandardCharsets.UTF_8)));
        pass(command, answer.duration());
        answer.writeFiles(command.directory());
        List<String> lines = answer.lines();
        // Files have their times from the machine and not from the test: none of them is older than this.
        return new CommandResult(
                command.argv(),
                answer.exitCode(),
                command.directory(),
                Instant.EPOCH,
                answer.duration(),
                lines.subList(Math.max(0, lines.size() - MOST_LAST_LINES), lines.size()));
    }

    private void pass(Command command, Duration takes) throws InterruptedException {
        Duration limit = command.timeout().orElse(takes);
        if (takes.compareTo(limit) > 0) {
            time.sleep(limit);
            throw new CommandTimedOutException(command.line() + " took longer than " + limit.toSeconds() + " s");
        }
        time.sleep(takes);
    }
}
