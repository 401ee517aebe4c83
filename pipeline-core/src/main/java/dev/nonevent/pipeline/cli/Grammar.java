package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.report.ConsoleMode;
import dev.nonevent.pipeline.work.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may be written after the name of a team's main: made anew for each pipeline, because parameters are options. */
final class Grammar {

    static final String RUN = "run";

    static final String RESUME = "resume";

    static final String FULL = "--full";

    static final String REPORT = "--report";

    /** Names that a parameter of a pipeline cannot have, because they are ours. */
    private static final List<String> OURS =
            List.of("branch", "resume", "console", "quiet", "report", "help", "format", "diff");

    private final Pipeline pipeline;

    Grammar(Pipeline pipeline) {
        this.pipeline = pipeline;
        List<String> taken = pipeline.parameters().stream()
                .map(Parameter::name)
                .filter(OURS::contains)
                .toList();
        if (!taken.isEmpty()) {
            throw new UsageException("pipeline \"" + pipeline.name() + "\" has a parameter --" + taken.get(0)
                    + ", which is an option of every pipeline; give it another name");
        }
    }

    CommandLine commandLine() {
        CommandSpec top = withRunOptions(spec(pipeline.name(), "Runs the pipeline, or does what the command says."));
        top.addSubcommand(RUN, withRunOptions(spec(RUN, "Runs the pipeline; also without saying so.")));
        top.addSubcommand(
                RESUME,
                withViews(spec(RESUME, "Goes on with a run that was cut short or did not pass."))
                        .addPositional(position(0, "RUN", "the run, as its first line says it")));
        addPlans(top);
        top.addSubcommand("status", spec("status", "Shows where traffic is, and how the last run ended."));
        top.addSubcommand(
                "history",
                spec("history", "Shows how the last runs ended, the newest last.")
                        .addOption(OptionSpec.builder("--last")
                                .paramLabel("N")
                                .type(Integer.class)
                                .description("how many; 10 if not given")
                                .build()));
        top.addSubcommand(
                "metrics",
                application(spec("metrics", "Shows what delivery is worth: how often, how fast, how safe."))
                        .addOption(format("text or json", MetricsCommand.Format.class)));
        top.addSubcommand(
                "rollback", application(spec("rollback", "Brings users back to the release that was stable before.")));
        top.addSubcommand(
                "recover", application(spec("recover", "Finishes or undoes what a process that died left open.")));
        addOrders(top);
        top.addSubcommand("approve", approve());
        top.addSubcommand("down", application(spec("down", "Removes what runs of an application; its history stays.")));
        return configured(new CommandLine(top));
    }

    /** What reads the plan alone. */
    private void addPlans(CommandSpec top) {
        top.addSubcommand(
                "plan",
                withRequest(spec("plan", "Shows what a run would do. Nothing runs."))
                        .addOption(format("text, mermaid, dot or json", PlanCommand.Format.class))
                        .addOption(OptionSpec.builder(PlanCommand.DIFF)
                                .paramLabel("FILE")
                                .type(String.class)
                                .description("shows what has changed since this plan in JSON")
                                .build()));
        top.addSubcommand(
                "graph",
                spec("graph", "Draws the stages, for Mermaid or Graphviz.")
                        .addOption(format("mermaid or dot", GraphCommand.Format.class)));
        top.addSubcommand(
                "doctor",
                withRequest(spec("doctor", "Looks whether this machine has what a run needs. Nothing runs.")));
        top.addSubcommand(
                "completion",
                spec("completion", "Prints a script that completes commands and options in bash and zsh.")
                        .addOption(OptionSpec.builder(CompletionCommand.NAME)
                                .paramLabel("PROGRAM")
                                .type(String.class)
                                .description("what is typed to start this; " + pipeline.name() + " if not given")
                                .build()));
    }

    private static CommandSpec approve() {
        return spec("approve", "Answers a stage that waits for a person; without a run it shows what waits.")
                .addPositional(position(0, "RUN", "the run, as its first line says it"))
                .addPositional(position(1, "STAGE", "the stage; not needed if only one of the run waits"))
                .addOption(OptionSpec.builder(ApproveCommand.REJECT)
                        .type(boolean.class)
                        .arity("0")
                        .description("says no: the stage is blocked")
                        .build())
                .addOption(OptionSpec.builder(ApproveCommand.COMMENT)
                        .paramLabel("TEXT")
                        .type(String.class)
                        .description("why, for whoever reads about the run")
                        .build())
                .addOption(OptionSpec.builder(ApproveCommand.DIGEST)
                        .paramLabel("DIGEST")
                        .type(String.class)
                        .description("refuses to answer if it asks about something else by now")
                        .build());
    }

    private static PositionalParamSpec position(int index, String label, String what) {
        return PositionalParamSpec.builder()
                .index(String.valueOf(index))
                .arity("0..1")
                .paramLabel(label)
                .type(String.class)
                .description(what)
                .build();
    }

    /** What a person says to a deployment. */
    private static void addOrders(CommandSpec top) {
        top.addSubcommand(
                "pause",
                application(spec("pause", "Lets a deployment under way wait for a person, watched as before.")));
        top.addSubcommand(
                "promote",
                application(spec("promote", "Lets a deployment that is paused go on."))
                        .addOption(OptionSpec.builder(FULL)
                                .type(boolean.class)
                                .arity("0")
                                .description("makes the one under way stable without the rest of its proof")
                                .build()));
        top.addSubcommand("abort", application(spec("abort", "Undoes the deployment under way.")));
        top.addSubcommand(
                "retry", application(spec("retry", "Tries the last deployment again, if it did not become stable.")));
    }

    /** Nothing on a command line is read as a file name, a variable or an abbreviation. */
    private static CommandLine configured(CommandLine line) {
        return line.setExpandAtFiles(false)
                .setInterpolateVariables(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    }

    private static CommandSpec spec(String name, String what) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(what);
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("shows this")
                .build());
        return spec;
    }

    /** What a run can be asked for. */
    private CommandSpec withRequest(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--branch")
                .paramLabel("NAME")
                .type(String.class)
                .description("the branch the run is about")
                .build());
        pipeline.parameters().forEach(parameter -> spec.addOption(option(parameter)));
        return spec;
    }

    private CommandSpec withRunOptions(CommandSpec spec) {
        return withViews(withRequest(spec)
                .addOption(OptionSpec.builder("--" + RESUME)
                        .paramLabel("RUN")
                        .type(String.class)
                        .description("goes on with this run instead of starting one")
                        .build()));
    }

    private static CommandSpec withViews(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("--console")
                .paramLabel("MODE")
                .type(ConsoleMode.class)
                .description("auto, rich (redrawn) or plain (line by line)")
                .build());
        spec.addOption(OptionSpec.builder("-q", "--quiet")
                .type(boolean.class)
                .arity("0")
                .description("shows only what failed, and the summary")
                .build());
        spec.addOption(OptionSpec.builder(REPORT)
                .paramLabel("FORMAT=FILE")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .description("one more report of the run: " + ReportFiles.formats() + "; may be said several times")
                .build());
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "passed");
        codes.put("1", "blocked or failed");
        codes.put("2", "errored: the infrastructure is in the way");
        codes.put("3", "aborted");
        codes.put("64", "bad arguments, or an invalid pipeline");
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
        return spec;
    }

    private static OptionSpec option(Parameter<?> parameter) {
        String fallback = parameter
                .fallback()
                .map(value -> "; " + Parameter.text(value) + " if not given")
                .orElse("; must be given");
        return OptionSpec.builder("--" + parameter.name())
                .paramLabel("VALUE")
                .type(String.class)
                .description(parameter.expected() + fallback)
                .build();
    }

    private static OptionSpec format(String which, Class<? extends Enum<?>> formats) {
        return OptionSpec.builder("--format")
                .paramLabel("FORMAT")
                .type(formats)
                .description(which + "; "
                        + Parameter.text(Arrays.stream(formats.getEnumConstants())
                                .findFirst()
                                .orElseThrow())
                        + " if not given")
                .build();
    }

    private static CommandSpec application(CommandSpec spec) {
        return spec.addPositional(PositionalParamSpec.builder()
                .index("0")
                .arity("0..1")
                .paramLabel("APP")
                .type(String.class)
                .description("the application; not needed if the pipeline deploys only one")
                .build());
    }
}
