package dev.nonevent.pipeline.bluegreen.testkit;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who points the users of a {@link FakeWorld} at a release: one application, in memory. It can all that a {@link Capability} is
 * named for, counts what users meet while time passes, and remembers every switch. A canary gets its share of the requests to
 * the part of one; who is held or stopped is not counted. It keeps {@code TrafficContract}. Safe for use by several threads.
 */
public final class FakeSwitcher implements TrafficSwitcher {

    private final FakeWorld world;

    // Owned by the world's monitor.
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final List<Target> switches = new ArrayList<>();
    private final List<Routing> routings = new ArrayList<>();
    private Set<Capability> capabilities = EnumSet.complementOf(EnumSet.of(Capability.REPLICAS));
    private Route route = Route.none();
    private boolean open;
    private boolean unreachable;

    /** In a world of its own. */
    public FakeSwitcher() {
        this(new FakeWorld());
    }

    FakeSwitcher(FakeWorld world) {
        this.world = world;
    }

    /** What it can do from now on, and nothing else. */
    public FakeSwitcher can(Set<Capability> chosen) {
        synchronized (world) {
            capabilities = Set.copyOf(chosen);
        }
        return this;
    }

    /** Nobody can say where traffic is, from here on, or again. */
    public void unreachable(boolean yes) {
        synchronized (world) {
            unreachable = yes;
        }
    }

    /** Somebody else changes what is there, past every fence. */
    public void becomes(Route other) {
        synchronized (world) {
            route = other;
        }
    }

    /** It counts anew from zero, as what was started again does. */
    public void forgetsCounts() {
        synchronized (world) {
            tallies.clear();
        }
    }

    /** It ends, as a crash does; what it has written down stays. */
    public void kill() {
        synchronized (world) {
            open = false;
        }
    }

    /** Whether it carries traffic. */
    public boolean isOpen() {
        synchronized (world) {
            return open;
        }
    }

    /** Where users are pointed, whether it can be reached or not. */
    public Route route() {
        synchronized (world) {
            return route;
        }
    }

    /** Every target that users were switched to, in order. */
    public List<Target> switches() {
        synchronized (world) {
            return List.copyOf(switches);
        }
    }

    /** Every routing that was put up, in order. */
    public List<Routing> routings() {
        synchronized (world) {
            return List.copyOf(routings);
        }
    }

    @Override
    public String description() {
        return "fake switcher";
    }

    @Override
    public Set<Capability> capabilities() {
        synchronized (world) {
            return capabilities;
        }
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public Traffic open(String application, Path home) {
        world.touched("opening the traffic");
        synchronized (world) {
            if (!open) {
                open = true;
                world.changed();
            }
        }
        return new FakeTraffic(world, this);
    }

    @Override
    public Optional<Traffic> find(String application, Path home) {
        world.touched("looking for the traffic");
        return isOpen() ? Optional.of(new FakeTraffic(world, this)) : Optional.empty();
    }

    void requireReachable() {
        if (unreachable || !open) {
            throw new TrafficUnknownException("the fake switcher was shut down, or made unreachable");
        }
    }

    boolean isUnreachable() {
        return unreachable;
    }

    boolean mayGetRequests(String deployment) {
        return route.routing().targets().stream()
                .anyMatch(target -> target.deployment().equals(deployment));
    }

    boolean hadTraffic(String deployment) {
        return switches.stream().anyMatch(target -> target.deployment().equals(deployment));
    }

    void put(Routing routing, long fence) {
        for (Target target : routing.userTargets()) {
            world.given(target);
        }
        if (!route.active().equals(routing.active())) {
            routing.active().ifPresent(switches::add);
        }
        routings.add(routing);
        become(routing, fence);
    }

    void become(Routing routing, long fence) {
        route = new Route(routing, fence, route.generation() + 1);
        world.changed();
    }

    void shut(long fence) {
        become(Routing.nowhere(), fence);
        open = false;
    }

    List<Counts> counts() {
        boolean timed = capabilities.contains(Capability.LATENCIES);
        return capabilities.contains(Capability.COUNTS)
                ? tallies.values().stream().map(tally -> tally.counts(timed)).toList()
                : List.of();
    }

    double seenToFail() {
        return tallies.values().stream().mapToDouble(Tally::seenToFail).sum();
    }

    /** Users have asked for so long, as often as they do. */
    void passed(Duration passed, double requests, double safe) {
        Routing routing = route.routing();
        if (routing.active().isEmpty() || requests == 0 || !(routing.admission() instanceof Admission.Open)) {
            return;
        }
        double part = routing.canary().map(Canary::percent).orElse(0) / 100.0;
        asked(routing.active().get(), requests * (1 - part), passed, safe);
        routing.canary().ifPresent(canary -> asked(canary.target(), requests * part, passed, safe));
    }

    private void asked(Target target, double requests, Duration passed, double safe) {
        if (requests == 0) {
            return;
        }
        Tally tally = tallies.computeIfAbsent(
                target.deployment(), deployment -> new Tally(target.colour(), target.deployment()));
        Optional<Running> running = world.host().at(target.address());
        long now = world.nanos();
        double answered = open
                ? requests
                        * running.map(found -> found.livedBetween(now - passed.toNanos(), now))
                                .orElse(0.0)
                : 0;
        double broken =
                answered * running.map(found -> found.release.errorRate()).orElse(0.0);
        double failed = requests - answered + broken;
        running.ifPresent(found -> tally.answered(answered, found.release.latency()));
        tally.asked(requests, failed, open && standsBy(target) ? failed * safe : 0, world.wallClock());
    }

    /** Nothing stands by for itself. */
    private boolean standsBy(Target failed) {
        return route.routing()
                .standby()
                .filter(standby -> !standby.equals(failed))
                .flatMap(standby -> world.host().at(standby.address()))
                .filter(running -> running.lives(world.nanos()))
                .isPresent();
    }
}
