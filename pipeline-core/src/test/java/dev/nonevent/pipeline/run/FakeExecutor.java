package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Understands two programs: {@code say words…} prints them, {@code exit n} ends with that code. */
final class FakeExecutor implements CommandExecutor {

    @Override
    public CommandResult run(Command command, CommandOutput output) {
        List<String> words = command.argv().subList(1, command.argv().size());
        String text = String.join(" ", words);
        return switch (command.argv().get(0)) {
            case "say" -> {
                output.write((text + "\n").getBytes(StandardCharsets.UTF_8));
                yield result(command, 0, List.of(text));
            }
            case "env" -> {
                output.write((command.environment().get(text) + "\n").getBytes(StandardCharsets.UTF_8));
                yield result(command, 0, List.of());
            }
            case "exit" -> result(command, Integer.parseInt(text), List.of("last words"));
            default -> throw new AssertionError("no such program: " + command.line());
        };
    }

    @Override
    public String description() {
        return "a fake";
    }

    private static CommandResult result(Command command, int exitCode, List<String> lines) {
        return new CommandResult(command.argv(), exitCode, command.directory(), Instant.EPOCH, Duration.ZERO, lines);
    }
}
