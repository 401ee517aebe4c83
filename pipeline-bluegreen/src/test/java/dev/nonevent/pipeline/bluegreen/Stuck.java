package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.bluegreen.testkit.FakeHost;
import dev.nonevent.pipeline.bluegreen.testkit.FakeWorld;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A host of which some calls never end by themselves, as those to a daemon that hangs; an interrupt ends them. */
final class Stuck implements Host<String> {

    /** The watchdog looks several times in it. */
    private static final Duration A_WHILE = Duration.ofMillis(500);

    /** What may hang. */
    enum Call {
        PREPARE,
        START,
        STOP
    }

    private final FakeWorld world;
    private final FakeHost host;
    private final Map<Call, Duration> lasting = new EnumMap<>(Call.class);
    private final Map<Call, Integer> times = new EnumMap<>(Call.class);

    Stuck(FakeWorld world) {
        this.world = world;
        this.host = world.host();
    }

    /** So many times from now on. */
    Stuck hangs(Call call, int often) {
        times.put(call, often);
        return this;
    }

    /** For ever as the clock of the world has it, until somebody interrupts it. */
    static void waitsForEver(FakeWorld world) throws InterruptedException {
        world.time().pass(Duration.ofDays(1));
        if (!new CountDownLatch(1).await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("nobody has interrupted it");
        }
    }

    /** So long, which is a while for whoever looks as well. */
    Stuck takes(Call call, Duration duration) {
        lasting.put(call, duration);
        return this;
    }

    private void called(Call call) throws InterruptedException {
        int left = times.getOrDefault(call, 0);
        if (left > 0) {
            times.put(call, left - 1);
            waitsForEver(world);
        } else if (lasting.containsKey(call)) {
            world.time().pass(lasting.get(call));
            LockSupport.parkNanos(A_WHILE.toNanos());
        }
    }

    @Override
    public Blueprint prepare(String artifact, ArtifactStore store, Path home) {
        try {
            called(Call.PREPARE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("the pull was interrupted", e);
        }
        return host.prepare(artifact, store, home);
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        called(Call.START);
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
        called(Call.STOP);
        host.stop(instance, grace);
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        return host.lastLines(instance, home, lines);
    }
}
