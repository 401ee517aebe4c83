package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.testkit.FakeHost;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A host whose starts and stops take their time, as real ones do: whoever waits for them can be interrupted. */
record Interruptible(FakeHost host) implements Host<String> {

    /** The same for a question over a network. */
    static HealthCheck health(HealthCheck check) {
        return HealthCheck.by(check.description(), address -> {
            interrupted();
            return check.probe(address);
        });
    }

    @Override
    public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
        return host.prepare(artifact, store, home);
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        interrupted();
        return host.start(application, deployment, blueprint, home);
    }

    @Override
    public boolean isRunning(Instance instance) {
        return host.isRunning(instance);
    }

    @Override
    public List<Instance> running(String application, Path home) {
        return host.running(application, home);
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        interrupted();
        host.stop(instance, grace);
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return host.lastLines(instance, home, lines);
    }

    @Override
    public String toString() {
        return host.toString();
    }

    private static void interrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted by the test");
        }
    }
}
