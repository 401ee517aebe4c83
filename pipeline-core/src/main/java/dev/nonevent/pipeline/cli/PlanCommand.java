package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import picocli.CommandLine.ParseResult;

/** {@code plan}: what a run would do. */
final class PlanCommand implements Command {

    enum Format {
        TEXT,
        MERMAID,
        JSON
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        settings.result(
                switch (arguments.matchedOptionValue("--format", Format.TEXT)) {
                    case TEXT -> plan.text();
                    case MERMAID -> plan.mermaid();
                    case JSON -> plan.json();
                });
        return ExitCode.PASSED;
    }
}
