package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import picocli.AutoComplete;
import picocli.CommandLine.ParseResult;

/** {@code completion}: a script that completes what is typed; {@code source <(shop completion)}. */
final class CompletionCommand implements Command {

    static final String NAME = "--name";

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        String program = arguments.matchedOptionValue(NAME, plan.pipeline().name());
        if (!program.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
            throw new UsageException(NAME + " is the name of a program: letters, digits, dots, dashes and underscores");
        }
        settings.script(AutoComplete.bash(program, new Grammar(plan.pipeline()).commandLine()));
        return ExitCode.PASSED;
    }
}
