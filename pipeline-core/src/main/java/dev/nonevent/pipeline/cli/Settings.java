package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.report.CleanText;
import dev.nonevent.pipeline.report.ConsoleHost;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a main was given.
 *
 * @param runner what the team says about the runner
 * @param environment of the process, for the console
 * @param terminal whether what is written to {@code err} is seen on a terminal
 */
record Settings(
        Path home,
        UnaryOperator<PipelineRunner> runner,
        Optional<ArtifactStore> store,
        TimeSource time,
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        boolean terminal) {

    Settings home(Path path) {
        return new Settings(path, runner, store, time, environment, out, err, terminal);
    }

    Settings runner(UnaryOperator<PipelineRunner> more) {
        return new Settings(home, all -> more.apply(runner.apply(all)), store, time, environment, out, err, terminal);
    }

    Settings store(ArtifactStore artifacts) {
        return new Settings(home, runner, Optional.of(artifacts), time, environment, out, err, terminal);
    }

    Settings time(TimeSource source) {
        return new Settings(home, runner, store, source, environment, out, err, terminal);
    }

    Settings environment(Map<String, String> variables) {
        return new Settings(home, runner, store, time, Map.copyOf(variables), out, err, terminal);
    }

    Settings streams(PrintStream results, PrintStream progress, boolean seen) {
        return new Settings(home, runner, store, time, environment, results, progress, seen);
    }

    /** The runner as the team wants it. */
    PipelineRunner pipelineRunner() {
        PipelineRunner usual = PipelineRunner.in(home).time(time);
        return runner.apply(usual.artifacts(artifacts()));
    }

    /** The context of a deployment's command that is not part of a run. */
    DeploymentContext deploymentContext(String command) {
        return new DeploymentContext(
                home.toAbsolutePath().normalize(),
                artifacts(),
                time,
                command,
                Optional.empty(),
                Optional.empty(),
                this::progress);
    }

    private ArtifactStore artifacts() {
        return store.orElseGet(
                () -> FileArtifactStore.in(home.toAbsolutePath().normalize().resolve("artifacts")));
    }

    /** A result: what the command was asked for. */
    void result(String text) {
        text.lines().map(this::clean).forEach(out::println);
        out.flush();
    }

    /** A result for a program, byte by byte as it is; nothing of it may come from outside. */
    void script(String text) {
        out.print(text);
        out.flush();
    }

    /** What a person wants to know beside the result. */
    void progress(String text) {
        text.lines().map(this::clean).forEach(err::println);
        err.flush();
    }

    private String clean(String line) {
        return ConsoleHost.of(environment).inert(CleanText.line(line));
    }
}
