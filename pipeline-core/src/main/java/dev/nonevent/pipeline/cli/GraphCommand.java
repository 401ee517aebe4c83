package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import picocli.CommandLine.ParseResult;

/** {@code graph}: the pipeline as a drawing. */
final class GraphCommand implements Command {

    enum Format {
        MERMAID,
        DOT
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        settings.result(
                switch (arguments.matchedOptionValue("--format", Format.MERMAID)) {
                    case MERMAID -> plan.mermaid();
                    case DOT -> plan.dot();
                });
        return ExitCode.PASSED;
    }
}
