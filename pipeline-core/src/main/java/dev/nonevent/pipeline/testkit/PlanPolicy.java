package dev.nonevent.pipeline.testkit;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.plan.PlanDiff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What must be true of a pipeline whoever changes it, held by a test: {@code
 * PlanPolicy.of(shop).everyDeploy().isGuardedBy("security scan", "unit tests")}. Nothing runs. What is not so is an
 * {@link AssertionError} with all of it.
 */
public final class PlanPolicy {

    private final Plan plan;

    private PlanPolicy(Plan plan) {
        this.plan = plan;
    }

    /** @throws dev.nonevent.pipeline.plan.InvalidPipelineException with every problem of the pipeline at once */
    public static PlanPolicy of(Pipeline pipeline) {
        return new PlanPolicy(Plan.of(pipeline));
    }

    /** Expects at least one deployment: of none everything would be true. */
    public EveryDeploy everyDeploy() {
        List<Declaration> deploys = plan.steps().stream()
                .filter(step -> step.deed() instanceof Deed.Deploy)
                .toList();
        if (deploys.isEmpty()) {
            throw new AssertionError("pipeline \"" + plan.pipeline().name() + "\" deploys nothing");
        }
        return new EveryDeploy(plan, deploys);
    }

    /**
     * Expects the plan to be the one that was kept, lines of declarations aside.
     *
     * @param file what {@code plan --format json} printed, under version control
     */
    public PlanPolicy matchesSnapshot(Path file) {
        if (!Files.exists(file)) {
            throw new AssertionError("there is no plan in " + file + " to compare with: look at what plan --format json"
                    + " prints, and keep it there");
        }
        PlanDiff diff = PlanDiff.since(read(file), plan);
        if (!diff.isEmpty()) {
            throw new AssertionError("the plan of \"" + plan.pipeline().name() + "\" is not the one in " + file + ":\n"
                    + diff.text() + "if that is meant, keep what plan --format json prints there");
        }
        return this;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException broken) {
            throw new UncheckedIOException("the plan in " + file + " cannot be read", broken);
        }
    }
}
