package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.text.Nearest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The applications a pipeline deploys. */
final class Deploys {

    private final Plan plan;

    Deploys(Plan plan) {
        this.plan = plan;
    }

    List<DeploymentStrategy<?, ?>> all() {
        return plan.steps().stream()
                .flatMap(step -> step.deed() instanceof Deed.Deploy deploy ? Stream.of(deploy) : Stream.empty())
                .<DeploymentStrategy<?, ?>>map(Deed.Deploy::strategy)
                .toList();
    }

    /** @throws UsageException if there is none of this name, or no name and not exactly one */
    DeploymentStrategy<?, ?> one(Optional<String> application) {
        List<DeploymentStrategy<?, ?>> all = all();
        List<String> names = all.stream().map(DeploymentStrategy::application).toList();
        String known = String.join(", ", names);
        if (all.isEmpty()) {
            throw new UsageException("pipeline \"" + plan.pipeline().name() + "\" deploys nothing");
        } else if (application.isPresent()) {
            return all.stream()
                    .filter(strategy -> strategy.application().equals(application.get()))
                    .findFirst()
                    .orElseThrow(() -> new UsageException(
                            "pipeline \"" + plan.pipeline().name() + "\" deploys no \"" + application.get()
                                    + "\"; it deploys " + known + Nearest.hint(application.get(), names)));
        } else if (all.size() > 1) {
            throw new UsageException("say which application: " + known);
        }
        return all.get(0);
    }
}
