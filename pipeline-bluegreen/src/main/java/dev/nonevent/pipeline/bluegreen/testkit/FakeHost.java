package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The place where instances run in a {@link FakeWorld}. An artifact is a name, such as {@code v2}, and its own digest. Starting
 * and stopping take no time. Safe for use by several threads.
 */
public final class FakeHost implements Host<String> {

    private static final int FIRST_PORT = 40_001;

    private final FakeWorld world;

    // Owned by the world's monitor.
    private final Map<URI, Running> instances = new LinkedHashMap<>();

    FakeHost(FakeWorld world) {
        this.world = world;
    }

    /** The releases that run, in the order in which they were started. */
    public List<String> releases() {
        synchronized (world) {
            return alive().stream().map(running -> running.artifact).toList();
        }
    }

    /** How many instances were ever started. */
    public int started() {
        synchronized (world) {
            return instances.size();
        }
    }

    /** Ends what runs of this release, as a crash does. */
    public void kill(String artifact) {
        synchronized (world) {
            alive().stream()
                    .filter(running -> running.artifact.equals(artifact))
                    .forEach(Running::end);
        }
    }

    /**
     * Ends what runs of this release and starts it again in its place, as an engine does that keeps its containers running: it
     * has the address that it had, and another identity.
     */
    public void startAgain(String artifact) {
        synchronized (world) {
            for (Running running : alive()) {
                if (running.artifact.equals(artifact)) {
                    running.end();
                    instances.put(running.instance.address(), running.again());
                    world.changed();
                }
            }
        }
    }

    @Override
    public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
        world.touched("preparing " + artifact);
        return new Blueprint("sha256:" + artifact, Map.of("artifact", artifact));
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home) {
        world.touched("starting " + deployment);
        Instance instance = started(application, deployment, blueprint);
        world.touched("having started " + deployment);
        return instance;
    }

    private Instance started(String application, String deployment, Blueprint blueprint) {
        synchronized (world) {
            Optional<Running> adopted = alive().stream()
                    .filter(running -> running.application.equals(application))
                    .filter(running -> running.instance.deployment().equals(deployment))
                    .findFirst();
            if (adopted.isPresent()) {
                return adopted.get().instance;
            }
            String artifact = blueprint.settings().getOrDefault("artifact", "");
            URI address = URI.create("http://127.0.0.1:" + (FIRST_PORT + instances.size()));
            Instance instance = new Instance((instances.size() + 1) + "@7", deployment, address);
            instances.put(address, new Running(application, instance, artifact, world.release(artifact)));
            world.changed();
            return instance;
        }
    }

    @Override
    public boolean isRunning(Instance instance) {
        world.touched("looking at " + instance.deployment());
        synchronized (world) {
            return alive().stream().anyMatch(running -> running.instance.equals(instance));
        }
    }

    @Override
    public List<Instance> running(String application, Path home) {
        world.touched("looking what runs");
        synchronized (world) {
            return alive().stream()
                    .filter(running -> running.application.equals(application))
                    .map(running -> running.instance)
                    .toList();
        }
    }

    @Override
    public void stop(Instance instance, Duration grace) {
        world.touched("stopping " + instance.deployment());
        synchronized (world) {
            Optional<Running> found = alive().stream()
                    .filter(running -> running.instance.equals(instance))
                    .findFirst();
            if (found.isPresent()) {
                world.stopping(found.get());
                found.get().end();
                world.changed();
            }
        }
        world.touched("having stopped " + instance.deployment());
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        synchronized (world) {
            return at(instance.address())
                    .map(running -> running.release.lines())
                    .map(printed -> printed.subList(Math.max(0, printed.size() - lines), printed.size()))
                    .orElse(List.of());
        }
    }

    /** Whatever was started there, whether it runs or not. */
    Optional<Running> at(URI address) {
        return Optional.ofNullable(instances.get(address));
    }

    List<Running> alive() {
        long now = world.nanos();
        return new ArrayList<>(instances.values())
                .stream().filter(running -> running.lives(now)).toList();
    }

    @Override
    public String toString() {
        return "a fake host";
    }
}
