package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import java.util.List;

/** A strategy that does what another does, so that a test can take one thing away from it. */
public class Wrapped implements DeploymentStrategy<String, Object> {

    private final DeploymentStrategy<String, ?> inner;

    public Wrapped(DeploymentStrategy<String, ?> inner) {
        this.inner = inner;
    }

    @Override
    public String application() {
        return inner.application();
    }

    @Override
    public List<String> problems() {
        return inner.problems();
    }

    @Override
    public String description() {
        return inner.description();
    }

    @Override
    public Object deploy(String artifact, DeploymentContext context) throws InterruptedException {
        return inner.deploy(artifact, context);
    }

    @Override
    public String rollBack(DeploymentContext context) throws InterruptedException {
        return inner.rollBack(context);
    }

    @Override
    public String inspect(DeploymentContext context) {
        return inner.inspect(context);
    }

    @Override
    public List<String> recover(DeploymentContext context) throws InterruptedException {
        return inner.recover(context);
    }

    @Override
    public String down(DeploymentContext context) throws InterruptedException {
        return inner.down(context);
    }

    @Override
    public List<DeploymentRecord> history(DeploymentContext context) {
        return inner.history(context);
    }
}
