package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.deployment.Order;
import dev.nonevent.pipeline.plan.Plan;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/** What a person says to a deployment, which another process may be carrying out. */
final class OrderCommand implements Command {

    private final Function<ParseResult, Order> said;

    private OrderCommand(Function<ParseResult, Order> said) {
        this.said = said;
    }

    static OrderCommand of(Order order) {
        return new OrderCommand(arguments -> order);
    }

    static OrderCommand promote() {
        return new OrderCommand(
                arguments -> arguments.hasMatchedOption(Grammar.FULL) ? Order.PROMOTE_FULLY : Order.PROMOTE);
    }

    @Override
    public int carryOut(Plan plan, ParseResult arguments, Settings settings) throws InterruptedException {
        Optional<String> application = Optional.ofNullable(arguments.matchedPositionalValue(0, null));
        DeploymentStrategy<?, ?> strategy = new Deploys(plan).one(application);
        Order order = said.apply(arguments);
        if (!strategy.orders().contains(order)) {
            throw new UsageException(refusal(strategy, order));
        }
        settings.result(strategy.give(
                order, settings.deploymentContext(arguments.commandSpec().name())));
        return ExitCode.PASSED;
    }

    private static String refusal(DeploymentStrategy<?, ?> strategy, Order order) {
        String others = strategy.orders().stream().sorted().map(Order::toString).collect(Collectors.joining(", "));
        return strategy.application() + " cannot be told to " + order + ": its strategy takes "
                + (others.isEmpty() ? "no orders" : "only " + others);
    }
}
