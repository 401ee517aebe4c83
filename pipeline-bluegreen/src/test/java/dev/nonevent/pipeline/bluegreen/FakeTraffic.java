package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.proxy.Fit;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The router of one {@link FakeWorld}, and the line to it. */
final class FakeTraffic implements TrafficSwitcher, Traffic {

    private final FakeWorld world;

    FakeTraffic(FakeWorld world) {
        this.world = world;
    }

    @Override
    public String description() {
        return "fake router";
    }

    @Override
    public Set<Capability> capabilities() {
        return world.capabilities;
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public Traffic open(String application, Path home) {
        world.routerRunning = true;
        return this;
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        return world.routerRunning ? Optional.of(this) : Optional.empty();
    }

    @Override
    public Route route() {
        reachable();
        return world.route;
    }

    @Override
    public Route raiseFence(long fence) {
        refuseLower(fence);
        if (fence > world.route.fence()) {
            world.route = new Route(world.route.routing(), fence, world.route.generation() + 1);
        }
        return world.route;
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        refuseLower(fence);
        List<String> problems = Fit.problems(routing, capabilities());
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        if (world.route.routing().equals(routing)) {
            return raiseFence(fence);
        }
        world.put(routing, fence);
        return world.route;
    }

    @Override
    public List<Counts> counts() {
        reachable();
        return world.counts();
    }

    @Override
    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        reachable();
        if (world.mayGetRequests(deployment)) {
            throw new IllegalArgumentException(deployment + " still gets requests");
        }
        if (!world.switches.contains(deployment)) {
            return Drained.nothing();
        }
        world.time.sleep(Duration.ofMillis(10));
        return new Drained(2, 0, 0, 0, Duration.ofMillis(10));
    }

    @Override
    public URI address() {
        return URI.create("http://127.0.0.1:8000");
    }

    @Override
    public void shutDown(long fence) {
        refuseLower(fence);
        world.routerRunning = false;
        world.route = new Route(Routing.nowhere(), fence, world.route.generation() + 1);
    }

    @Override
    public void close() {}

    private void refuseLower(long fence) {
        reachable();
        if (fence < world.route.fence()) {
            throw new StaleFenceException(fence, world.route.fence());
        }
    }

    private void reachable() {
        if (world.routerUnreachable || !world.routerRunning) {
            throw new TrafficUnknownException("the router does not answer");
        }
    }
}
