package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.plan.Plan;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** {@code status}: where traffic is, and how the last run ended. Changes nothing. */
final class StatusCommand implements Command {

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) {
        for (DeploymentStrategy<?, ?> strategy : new Deploys(plan).all()) {
            settings.result(strategy.inspect(settings.deploymentContext("status")));
        }
        List<String> runs = new PastRuns(settings.home(), plan.pipeline().name()).last(1);
        settings.result(runs.isEmpty() ? "no run yet under " + settings.home() : "last run: " + runs.get(0));
        return ExitCode.PASSED;
    }
}
