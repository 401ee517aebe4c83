package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.ConsoleMode;
import dev.nonevent.pipeline.report.ConsoleReport;
import dev.nonevent.pipeline.report.ConsoleStyle;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.Run;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** {@code run} and {@code resume}: carries the pipeline out, or goes on with it, and shows how it goes. */
final class RunCommand implements Command {

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        Optional<RunId> before = before(plan, arguments);
        ConsoleReport report = report(arguments, settings);
        ReportFiles files = ReportFiles.asked(plan, arguments, settings);
        PipelineRunner runner = settings.pipelineRunner().listener(report).listener(files);
        Run run = before.isPresent() ? runner.resume(plan, before.get()) : runner.start(plan, request(plan, arguments));
        try (Ticker ticker = new Ticker(() -> report.tick(settings.time().now()))) {
            ticker.start();
            RunResult result = await(run);
            files.lines().forEach(settings::progress);
            settings.result(result.toString());
            return result.outcome().exitCode();
        }
    }

    /** The run to go on with. It goes on with what it was asked for, so nothing else can be asked for with it. */
    private static Optional<RunId> before(Plan plan, ParseResult arguments) {
        if (arguments.commandSpec().name().equals(Grammar.RESUME)) {
            if (!arguments.hasMatchedPositional(0)) {
                throw new UsageException("resume needs a run: resume RUN; history shows them");
            }
            return Optional.of(new RunId(arguments.matchedPositionalValue(0, "")));
        }
        Optional<RunId> run = Optional.<String>ofNullable(arguments.matchedOptionValue("--" + Grammar.RESUME, null))
                .map(RunId::new);
        run.ifPresent(id -> {
            Asked asked = Asked.of(plan, arguments);
            if (!asked.parameters().isEmpty() || asked.trigger().branch().isPresent()) {
                throw new UsageException(
                        "run " + id + " goes on with the branch and the parameters it began with: leave them"
                                + " out, or start a new run with others");
            }
        });
        return run;
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
