package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** {@code history}: how the last runs ended. */
final class HistoryCommand implements Command {

    private static final int MOST = 1000;

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        int count = arguments.matchedOptionValue("--last", 10);
        if (count < 1 || count > MOST) {
            throw new UsageException("--last is from 1 to " + MOST + ", was " + count);
        }
        List<String> runs = new PastRuns(settings.home(), plan.pipeline().name()).last(count);
        settings.result(runs.isEmpty() ? "no run yet under " + settings.home() : String.join("\n", runs));
        return ExitCode.PASSED;
    }
}
