package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.deployment.Order;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.InvalidPipelineException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.InvalidRequestException;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.text.Nearest;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The command line of a team's main.
 *
 * <pre>{@code
 * public static void main(String... args) {
 *     System.exit(PipelineMain.of(shop()).stopOnInterrupt().run(args));
 * }
 * }</pre>
 *
 * <p>Immutable; each setting gives a new one. It never ends the process and, unless {@link #stopOnInterrupt} is said,
 * never hooks into its end. Progress goes to the error stream, results to the output stream. Exit codes: 0 passed, 1
 * blocked or failed, 2 errored, 3 aborted, 64 bad arguments or an invalid pipeline.
 */
public final class PipelineMain {

    private static final Map<String, Command> COMMANDS = Map.ofEntries(
            Map.entry(Grammar.RUN, new RunCommand()),
            Map.entry(Grammar.RESUME, new RunCommand()),
            Map.entry("plan", new PlanCommand()),
            Map.entry("graph", new GraphCommand()),
            Map.entry("doctor", new DoctorCommand()),
            Map.entry("completion", new CompletionCommand()),
            Map.entry("status", new StatusCommand()),
            Map.entry("history", new HistoryCommand()),
            Map.entry("metrics", new MetricsCommand()),
            Map.entry("rollback", DeploymentCommand.rollback()),
            Map.entry("recover", DeploymentCommand.recover()),
            Map.entry("pause", OrderCommand.of(Order.PAUSE)),
            Map.entry("promote", OrderCommand.promote()),
            Map.entry("abort", OrderCommand.of(Order.ABORT)),
            Map.entry("retry", OrderCommand.of(Order.RETRY)),
            Map.entry("approve", new ApproveCommand()),
            Map.entry("down", DeploymentCommand.down()));

    private final Pipeline pipeline;
    private final Settings settings;
    private final boolean stopsOnInterrupt;

    private PipelineMain(Pipeline pipeline, Settings settings, boolean stopsOnInterrupt) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.stopsOnInterrupt = stopsOnInterrupt;
    }

    /** Keeps its state in {@code .nonevent} of the current directory, and uses the streams of the process. */
    public static PipelineMain of(Pipeline pipeline) {
        Settings usual = new Settings(
                Path.of(".nonevent"),
                runner -> runner,
                Optional.empty(),
                TimeSource.system(),
                Map.copyOf(System.getenv()),
                System.out,
                System.err,
                Streams.isTerminal(System.console()));
        return new PipelineMain(pipeline, usual, false);
    }

    /** Where runs, artifacts and the state of deployments are kept. */
    public PipelineMain home(Path directory) {
        return with(settings.home(directory));
    }

    /** Where commands run if their stage does not say. */
    public PipelineMain executor(CommandExecutor executor) {
        return with(settings.runner(runner -> runner.executor(executor)));
    }

    /** Where the values of secrets come from. */
    public PipelineMain secrets(SecretSource source) {
        return with(settings.runner(runner -> runner.secrets(source)));
    }

    /** One more that hears the events of every run. */
    public PipelineMain listener(RunListener listener) {
        return with(settings.runner(runner -> runner.listener(listener)));
    }

    /** @param stages how many may run at one moment, at least 1 */
    public PipelineMain maxParallel(int stages) {
        return with(settings.runner(runner -> runner.maxParallel(stages)));
    }

    /** Where artifacts are kept; {@code artifacts} under the home by default. */
    public PipelineMain artifacts(ArtifactStore store) {
        return with(settings.store(store));
    }

    /** Where time comes from. */
    public PipelineMain time(TimeSource source) {
        return with(settings.time(source));
    }

    /** The variables by which the console chooses how to look, instead of those of the process. */
    public PipelineMain environment(Map<String, String> variables) {
        return with(settings.environment(variables));
    }

    /**
     * Where it writes; taken for something that is no terminal.
     *
     * @param out results
     * @param err progress and complaints
     */
    public PipelineMain streams(PrintStream out, PrintStream err) {
        return with(settings.streams(out, err, false));
    }

    /**
     * While {@link #run} is at work, the end of the process (Ctrl-C, TERM) waits: what is under way is stopped, cleaned up
     * and told, then the process ends with the exit code of what came of it, 3 if it was aborted. Other shutdown hooks
     * may not come to their end.
     *
     * <p>Whoever cannot wait sends either signal once more: every command on this machine is killed, no cleanup and
     * no summary is waited for, and the process ends with 128 and the number of the signal (130 for Ctrl-C). A container is removed by the next
     * run, and a deployment goes on where the ledger says, as after a crash.
     */
    public PipelineMain stopOnInterrupt() {
        return new PipelineMain(pipeline, settings, true);
    }

    private PipelineMain with(Settings other) {
        return new PipelineMain(pipeline, other, stopsOnInterrupt);
    }

    /**
     * Does what the arguments say and answers with the exit code. An interrupt of the calling thread stops it; it still
     * waits until nothing is left.
     */
    public int run(String... args) {
        if (!stopsOnInterrupt) {
            return answer(args);
        }
        try (Departure departure = new Departure(Thread.currentThread(), settings.err())) {
            return departure.with(answer(args));
        }
    }

    private int answer(String... args) {
        try {
            Plan plan = Plan.of(pipeline);
            return carryOut(plan, new Grammar(pipeline).commandLine(), args);
        } catch (InvalidPipelineException | InvalidRequestException | UsageException wrong) {
            settings.progress(String.valueOf(wrong.getMessage()));
            return ExitCode.INVALID;
        } catch (DeploymentFailedException failed) {
            settings.progress(String.valueOf(failed.getMessage()));
            failed.details().forEach(line -> settings.progress("  " + line));
            return ExitCode.FAILED;
        } catch (InfrastructureException broken) {
            settings.progress(String.valueOf(broken.getMessage()));
            return ExitCode.ERRORED;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            settings.progress("interrupted");
            return ExitCode.ABORTED;
        } catch (Exception unexpected) {
            settings.progress(trace(unexpected));
            return ExitCode.ERRORED;
        }
    }

    private int carryOut(Plan plan, CommandLine line, String... args) throws Exception {
        try {
            StringWriter help = new StringWriter();
            line.setOut(new PrintWriter(help, true));
            ParseResult parsed = line.parseArgs(args);
            if (CommandLine.executeHelpRequest(parsed) != null) {
                settings.result(help.toString());
                return ExitCode.PASSED;
            }
            ParseResult said = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            if (parsed.hasSubcommand() && !parsed.matchedOptions().isEmpty()) {
                throw new UsageException(parsed.matchedOptions().get(0).longestName() + " belongs after the command: "
                        + said.commandSpec().name() + " …");
            }
            String name = parsed.hasSubcommand() ? said.commandSpec().name() : Grammar.RUN;
            Command command = COMMANDS.get(name);
            if (command == null) {
                throw new IllegalStateException("no command " + name);
            }
            return command.carryOut(plan, said, settings);
        } catch (CommandLine.ParameterException wrong) {
            return complain(wrong);
        }
    }

    private int complain(CommandLine.ParameterException wrong) {
        settings.progress(wrong.getMessage() + hint(wrong));
        settings.progress("--help shows what there is");
        return ExitCode.INVALID;
    }

    /** The option or command that was probably meant. */
    private static String hint(CommandLine.ParameterException wrong) {
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String said = unmatched.getUnmatched().get(0);
            CommandLine.Model.CommandSpec spec = wrong.getCommandLine().getCommandSpec();
            List<String> known = new ArrayList<>(spec.optionsMap().keySet());
            known.addAll(spec.subcommands().keySet());
            return Nearest.hint(said.substring(0, (said + "=").indexOf('=')), known);
        }
        return "";
    }

    private static String trace(Exception unexpected) {
        StringWriter trace = new StringWriter();
        unexpected.printStackTrace(new PrintWriter(trace, true));
        return "unexpected: " + trace;
    }
}
