package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import picocli.CommandLine.ParseResult;

/** What one word on the command line does. */
@FunctionalInterface
interface Command {

    /** Answers with the exit code. */
    int carryOut(Plan plan, ParseResult arguments, Settings settings) throws Exception;
}
