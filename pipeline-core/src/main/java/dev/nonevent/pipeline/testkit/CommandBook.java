package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.text.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What commands do in a test, and which were asked for. Safe for use by several threads. */
final class CommandBook {

    // Guarded by this.
    private final List<FakeCommand> answers = new ArrayList<>();
    private final List<RanCommand> ran = new ArrayList<>();

    synchronized FakeCommand add(String description, Predicate<Command> matches) {
        FakeCommand answer = new FakeCommand(description, matches);
        answers.add(0, answer);
        return answer;
    }

    /** @throws IllegalStateException if nobody has said what it does */
    synchronized FakeCommand answer(String stage, Path workspace, Command command) {
        Path directory =
                workspace.toAbsolutePath().relativize(command.directory().toAbsolutePath());
        ran.add(new RanCommand(
                stage, command.argv(), directory, command.environment().keySet()));
        Optional<FakeCommand> answer =
                answers.stream().filter(each -> each.takesOn(command)).findFirst();
        return answer.orElseThrow(() -> new IllegalStateException(unknown(command)));
    }

    synchronized RanCommands ran() {
        return new RanCommands(ran);
    }

    private String unknown(Command command) {
        List<String> known = answers.stream().map(FakeCommand::description).toList();
        String way = known.isEmpty()
                ? "; it knows no command: say .on(\"" + command.argv().get(0) + "\", …)"
                : "";
        return "the test does not say what this command does: " + command.line() + way
                + Nearest.hint(command.line(), known);
    }
}
