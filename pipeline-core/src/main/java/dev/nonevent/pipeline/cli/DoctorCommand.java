package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.run.InvalidRequestException;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.RunRequest;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ParseResult;

/**
 * {@code doctor}: looks whether this machine has what a run needs, one line for each thing, and ends with 2 if something
 * is in the way. Starts nothing and changes nothing.
 */
final class DoctorCommand implements Command {

    private static final long LITTLE = 1L << 30;

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        Findings findings = new Findings(settings);
        home(settings.home().toAbsolutePath().normalize(), findings);
        Asked asked = Asked.of(plan, arguments);
        PipelineRunner runner = settings.pipelineRunner();
        request(plan, new RunRequest(asked.trigger(), asked.parameters()), runner, findings);
        executors(plan, findings);
        for (DeploymentStrategy<?, ?> strategy : new Deploys(plan).all()) {
            deployment(strategy, settings, findings);
        }
        settings.result(findings.conclusion());
        return findings.troubles == 0 ? ExitCode.PASSED : ExitCode.ERRORED;
    }

    private static void home(Path home, Findings findings) {
        Path there = home;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            findings.bad("home", there + " cannot be written, so no run can be kept under " + home);
            return;
        }
        try {
            FileStore store = Files.getFileStore(there);
            long free = store.getUsableSpace();
            if (free < LITTLE) {
                findings.bad("home", "only " + free / (1 << 20) + " MiB are free where " + home + " is");
            } else {
                findings.good("home", home + ", " + free / LITTLE + " GiB free");
            }
        } catch (IOException unknown) {
            findings.bad("home", "nobody can say how much is free where " + home + " is: " + unknown);
        }
    }

    private static void request(Plan plan, RunRequest request, PipelineRunner runner, Findings findings) {
        try {
            runner.check(plan, request);
            findings.good("request", "parameters and secrets are all there");
        } catch (InvalidRequestException wrong) {
            wrong.problems().forEach(problem -> findings.bad("request", problem));
        }
    }

    /** Each place once, whoever uses it. */
    private static void executors(Plan plan, Findings findings) {
        Map<String, CommandExecutor> places = new LinkedHashMap<>();
        plan.steps().stream()
                .map(Declaration::options)
                .flatMap(options -> options.executor().stream())
                .forEach(executor -> places.putIfAbsent(executor.description(), executor));
        places.forEach((description, executor) -> {
            List<String> obstacles = executor.obstacles();
            obstacles.forEach(sentence -> findings.bad("in " + description, sentence));
            if (obstacles.isEmpty()) {
                findings.good("in " + description, "nothing is in the way");
            }
        });
    }

    private static void deployment(DeploymentStrategy<?, ?> strategy, Settings settings, Findings findings) {
        String what = "deploy " + strategy.application();
        try {
            String state = strategy.inspect(settings.deploymentContext("doctor"));
            findings.good(what, state.lines().findFirst().orElse("nothing is deployed"));
        } catch (InfrastructureException unreadable) {
            findings.bad(what, String.valueOf(unreadable.getMessage()));
        }
    }

    /** What was found, told as it is found. */
    private static final class Findings {

        private final Settings settings;
        private int troubles;

        Findings(Settings settings) {
            this.settings = settings;
        }

        void good(String what, String sentence) {
            settings.result("ok       " + what + ": " + sentence);
        }

        void bad(String what, String sentence) {
            troubles++;
            settings.result("TROUBLE  " + what + ": " + sentence);
        }

        String conclusion() {
            return troubles == 0
                    ? "nothing is in the way of a run"
                    : troubles + (troubles == 1 ? " thing is" : " things are") + " in the way of a run";
        }
    }
}
