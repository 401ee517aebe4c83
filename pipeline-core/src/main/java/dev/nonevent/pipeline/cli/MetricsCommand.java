package dev.nonevent.pipeline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.DeliveryMetrics;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** {@code metrics}: what delivery is worth, from the history of one application. */
final class MetricsCommand implements Command {

    enum Format {
        TEXT,
        JSON
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) throws JsonProcessingException {
        Optional<String> application = Optional.ofNullable(arguments.matchedPositionalValue(0, null));
        DeploymentStrategy<?, ?> strategy = new Deploys(plan).one(application);
        DeploymentContext context = settings.deploymentContext("metrics");
        DeliveryMetrics metrics = DeliveryMetrics.of(strategy.history(context));
        settings.result(
                switch (arguments.matchedOptionValue("--format", Format.TEXT)) {
                    case TEXT -> metrics.text();
                    case JSON -> new JsonMapper().writeValueAsString(metrics.toMap());
                });
        return ExitCode.PASSED;
    }
}
