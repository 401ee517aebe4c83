package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.plan.Plan;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** What is done to one application that is deployed already. */
final class DeploymentCommand implements Command {

    private final String name;
    private final Deed deed;

    /** Answers with what a person is told. */
    private interface Deed {

        String done(DeploymentStrategy<?, ?> strategy, DeploymentContext context) throws InterruptedException;
    }

    private DeploymentCommand(String name, Deed deed) {
        this.name = name;
        this.deed = deed;
    }

    static DeploymentCommand rollback() {
        return new DeploymentCommand("rollback", DeploymentStrategy::rollBack);
    }

    static DeploymentCommand down() {
        return new DeploymentCommand("down", DeploymentStrategy::down);
    }

    static DeploymentCommand recover() {
        return new DeploymentCommand("recover", (strategy, context) -> {
            List<String> done = strategy.recover(context);
            return done.isEmpty() ? strategy.application() + ": nothing was left open" : String.join("\n", done);
        });
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) throws InterruptedException {
        Optional<String> application = Optional.ofNullable(arguments.matchedPositionalValue(0, null));
        DeploymentStrategy<?, ?> strategy = new Deploys(plan).one(application);
        settings.result(deed.done(strategy, settings.deploymentContext(name)));
        return ExitCode.PASSED;
    }
}
