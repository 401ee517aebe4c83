package dev.nonevent.pipeline.bluegreen.contract;

import dev.nonevent.pipeline.bluegreen.slot.Target;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A switcher in memory, for tests of what uses one: it sends nobody anywhere, remembers every switch, and can do nothing that
 * must be asked for. It keeps {@link TrafficContract}. Safe for use by several threads.
 */
public final class FakeSwitcher implements TrafficSwitcher {

    private final Map<Path, Line> lines = new HashMap<>();
    private final List<Target> switches = new ArrayList<>();
    private boolean unreachable;

    /** Nobody can say where traffic is, from here on, or again. */
    public synchronized void unreachable(boolean yes) {
        unreachable = yes;
    }

    /** Every target that users were switched to, in order. */
    public synchronized List<Target> switches() {
        return List.copyOf(switches);
    }

    @Override
    public String description() {
        return "fake switcher";
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public synchronized Traffic open(String application, Path home) {
        Line line = lines.computeIfAbsent(home, path -> new Line());
        line.open = true;
        return line;
    }

    @Override
    public synchronized Optional<Traffic> find(String application, Path home) {
        return Optional.ofNullable(lines.get(home)).filter(line -> line.open).map(line -> line);
    }

    /** The traffic of one home. */
    private final class Line implements Traffic {

        private Route route = Route.none();
        private boolean open;

        @Override
        public Route route() {
            synchronized (FakeSwitcher.this) {
                reachable();
                return route;
            }
        }

        @Override
        public Route raiseFence(long fence) {
            synchronized (FakeSwitcher.this) {
                refuseLower(fence);
                if (fence > route.fence()) {
                    route = next(route.routing(), fence);
                }
                return route;
            }
        }

        @Override
        public Route switchTo(Routing routing, long fence) {
            synchronized (FakeSwitcher.this) {
                refuseLower(fence);
                Target target = routing.active()
                        .filter(active -> routing.equals(Routing.to(active)))
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a fake switcher sends all users to one target, and can do no more"));
                if (route.routing().equals(routing)) {
                    return raiseFence(fence);
                }
                route = next(routing, fence);
                switches.add(target);
                return route;
            }
        }

        @Override
        public List<Counts> counts() {
            synchronized (FakeSwitcher.this) {
                reachable();
                return List.of();
            }
        }

        @Override
        public Drained drain(String deployment, Duration deadline) {
            synchronized (FakeSwitcher.this) {
                reachable();
                if (route.active().map(Target::deployment).equals(Optional.of(deployment))) {
                    throw new IllegalArgumentException(deployment + " still gets requests");
                }
                return Drained.nothing();
            }
        }

        @Override
        public URI address() {
            return URI.create("http://127.0.0.1:8000");
        }

        @Override
        public void shutDown(long fence) {
            synchronized (FakeSwitcher.this) {
                refuseLower(fence);
                route = next(Routing.nowhere(), fence);
                open = false;
            }
        }

        @Override
        public void close() {
            // nothing is held
        }

        private Route next(Routing routing, long fence) {
            return new Route(routing, fence, route.generation() + 1);
        }

        private void refuseLower(long fence) {
            reachable();
            if (fence < route.fence()) {
                throw new StaleFenceException(fence, route.fence());
            }
        }

        private void reachable() {
            if (unreachable || !open) {
                throw new TrafficUnknownException("the fake switcher was shut down, or made unreachable");
            }
        }
    }
}
