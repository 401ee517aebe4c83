package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A host of one {@link FakeWorld}; an artifact is its own name. */
final class FakeHost implements Host<String> {

    private final FakeWorld world;

    FakeHost(FakeWorld world) {
        this.world = world;
    }

    @Override
    public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
        return new Blueprint("sha256:" + artifact, Map.of("artifact", artifact));
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home) {
        return world.start(deployment, blueprint.settings().get("artifact"));
    }

    @Override
    public boolean isRunning(Instance instance) {
        return world.alive().stream().anyMatch(running -> running.instance.equals(instance));
    }

    @Override
    public List<Instance> running(String application, Path home) {
        return world.alive().stream().map(running -> running.instance).toList();
    }

    @Override
    public void stop(Instance instance, Duration grace) {
        world.stop(instance);
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return List.of("last words of " + instance.deployment());
    }

    @Override
    public String toString() {
        return "a fake host";
    }
}
