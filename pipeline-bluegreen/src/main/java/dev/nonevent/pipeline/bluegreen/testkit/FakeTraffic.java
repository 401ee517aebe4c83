package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.proxy.Fit;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The open line to a {@link FakeSwitcher}. */
final class FakeTraffic implements Traffic {

    private static final Duration A_MOMENT = Duration.ofMillis(10);

    /** Requests that are in flight when a release loses the traffic; they end in a moment. */
    private static final int IN_FLIGHT = 2;

    private final FakeWorld world;
    private final FakeSwitcher switcher;

    FakeTraffic(FakeWorld world, FakeSwitcher switcher) {
        this.world = world;
        this.switcher = switcher;
    }

    @Override
    public Route route() {
        world.touched("reading the route");
        synchronized (world) {
            switcher.requireReachable();
            return switcher.route();
        }
    }

    @Override
    public Route raiseFence(long fence) {
        world.touched("raising the fence");
        Route raised = raised(fence);
        world.touched("having raised the fence");
        return raised;
    }

    private Route raised(long fence) {
        synchronized (world) {
            refuseLower(fence);
            if (fence > switcher.route().fence()) {
                switcher.become(switcher.route().routing(), fence);
            }
            return switcher.route();
        }
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        world.touched("switching users");
        Route route;
        synchronized (world) {
            refuseLower(fence);
            List<String> problems = Fit.problems(routing, switcher.capabilities());
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            if (switcher.route().routing().equals(routing)) {
                return raised(fence);
            }
            switcher.put(routing, fence);
            route = switcher.route();
        }
        world.touched("having switched users");
        return route;
    }

    @Override
    public List<Counts> counts() {
        world.touched("reading the counts");
        synchronized (world) {
            switcher.requireReachable();
            return switcher.counts();
        }
    }

    @Override
    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        world.touched("draining " + deployment);
        synchronized (world) {
            switcher.requireReachable();
            if (switcher.mayGetRequests(deployment)) {
                throw new IllegalArgumentException(deployment + " still gets requests");
            }
            if (!switcher.hadTraffic(deployment)) {
                return Drained.nothing();
            }
        }
        world.time().sleep(A_MOMENT);
        world.touched("having drained " + deployment);
        return new Drained(IN_FLIGHT, 0, 0, 0, A_MOMENT);
    }

    @Override
    public URI address() {
        return URI.create("http://127.0.0.1:8000");
    }

    @Override
    public Optional<URI> preview() {
        return switcher.capabilities().contains(Capability.PREVIEW)
                ? Optional.of(URI.create("http://127.0.0.1:8001"))
                : Optional.empty();
    }

    @Override
    public void shutDown(long fence) {
        world.touched("shutting the traffic down");
        synchronized (world) {
            refuseLower(fence);
            switcher.shut(fence);
        }
        world.touched("having shut the traffic down");
    }

    @Override
    public void close() {
        // nothing is held
    }

    private void refuseLower(long fence) {
        switcher.requireReachable();
        if (fence < switcher.route().fence()) {
            throw new StaleFenceException(fence, switcher.route().fence());
        }
    }
}
