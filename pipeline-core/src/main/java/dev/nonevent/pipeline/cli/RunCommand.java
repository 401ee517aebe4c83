package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.ConsoleMode;
import dev.nonevent.pipeline.report.ConsoleReport;
import dev.nonevent.pipeline.report.ConsoleStyle;
import dev.nonevent.pipeline.run.Run;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import picocli.CommandLine.ParseResult;

/** {@code run}: carries the pipeline out and shows how it goes. */
final class RunCommand implements Command {

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        RunRequest request = request(plan, arguments);
        ConsoleReport report = report(arguments, settings);
        ReportFiles files = ReportFiles.asked(arguments, settings);
        Run run = settings.pipelineRunner().listener(report).listener(files).start(plan, request);
        try (Ticker ticker = new Ticker(() -> report.tick(settings.time().now()))) {
            ticker.start();
            RunResult result = await(run);
            files.lines().forEach(settings::progress);
            settings.result(result.toString());
            return result.outcome().exitCode();
        }
    }

    private static RunRequest request(Plan plan, ParseResult arguments) {
        Asked asked = Asked.of(plan, arguments);
        return new RunRequest(asked.trigger(), asked.parameters());
    }

    private static ConsoleReport report(ParseResult arguments, Settings settings) {
        ConsoleStyle style = ConsoleStyle.choose(
                arguments.matchedOptionValue("--console", ConsoleMode.AUTO),
                settings.environment(),
                settings.terminal(),
                Streams.charset(settings.err()));
        return arguments.hasMatchedOption("--quiet")
                ? ConsoleReport.quiet(settings.err(), style)
                : ConsoleReport.of(settings.err(), style);
    }

    /** An interrupt stops the run and still waits: nothing of it may outlive this call. */
    private static RunResult await(Run run) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return run.await();
                } catch (InterruptedException stop) {
                    interrupted = true;
                    run.cancel("interrupted");
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
