package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.StaleFenceException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Decides where requests go. A request claims its side from the snapshot it reads; a switch is durable first, then one
 * reference swap, then the old side's gate closes.
 *
 * <p>Changes are made one at a time; requests never wait for one.
 */
public final class Switchboard {

    private static final int REMEMBERED = 16;
    private static final Duration CUT_PATIENCE = Duration.ofSeconds(5);
    private static final long CUT_AGAIN_NANOS = 50_000_000;

    /** Makes a route durable, or throws and is sure that it is not. */
    public interface Memory {
        void keep(Route route);
    }

    private final Memory memory;
    private final TimeSource time;

    // one reference, replaced under the lock of this and read without it
    private volatile Routes routes;

    // under the lock of this
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private Consumer<Side> whenClosed = side -> {};

    public Switchboard(Route restored, Memory memory, TimeSource time) {
        this.memory = memory;
        this.time = time;
        this.routes = new Routes(restored, Optional.empty());
        this.routes = new Routes(restored, restored.active().map(this::newSide));
    }

    /** Told of every side that was closed, after the switch. */
    public synchronized void whenClosed(Consumer<Side> listener) {
        whenClosed = listener;
    }

    /** The side that takes this request, counted in; empty before the first switch ever. */
    public Optional<Side> claim(Gate.Claim claim) {
        while (true) {
            Optional<Side> side = routes.side();
            if (side.isEmpty() || side.get().gate().enter(claim)) {
                return side;
            }
        }
    }

    public TimeSource time() {
        return time;
    }

    public Route route() {
        return routes.route();
    }

    public synchronized Route raiseFence(long fence) {
        Routes now = routes;
        refuseStale(fence, now.route());
        if (fence == now.route().fence()) {
            return now.route();
        }
        Route raised = new Route(now.route().routing(), fence, now.route().generation() + 1);
        memory.keep(raised);
        routes = new Routes(raised, now.side());
        return raised;
    }

    public synchronized Route switchTo(Routing routing, long fence) {
        Routes now = routes;
        refuseStale(fence, now.route());
        refuseProblems(routing);
        if (now.route().routing().equals(routing)) {
            return raiseFence(fence);
        }
        Target target = routing.active().orElseThrow();
        Route next = new Route(routing, fence, now.route().generation() + 1);
        memory.keep(next);
        routes = new Routes(next, Optional.of(newSide(target)));
        now.side().ifPresent(old -> {
            old.gate().close();
            whenClosed.accept(old);
        });
        return next;
    }

    /** Users are sent nowhere from here on; the fence stays. */
    public synchronized void forget(long fence) {
        Routes now = routes;
        refuseStale(fence, now.route());
        Route nowhere = new Route(Routing.nowhere(), fence, now.route().generation() + 1);
        memory.keep(nowhere);
        routes = new Routes(nowhere, Optional.empty());
        now.side().ifPresent(old -> {
            old.gate().close();
            whenClosed.accept(old);
        });
    }

    public synchronized List<Counts> counts() {
        return tallies.values().stream().map(Tally::counts).toList();
    }

    private static void refuseProblems(Routing routing) {
        List<String> problems = new ArrayList<>(routing.problems());
        if (routing.active().isEmpty()) {
            problems.add("a routing needs an active target: to send users nowhere, shut the router down");
        }
        routing.targets().forEach(target -> Side.problem(target).ifPresent(problems::add));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /** Refuses the fence of somebody who was overtaken. */
    void refuseStale(long fence, Route now) {
        if (fence < now.fence()) {
            throw new StaleFenceException(fence, now.fence());
        }
    }

    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        long began = time.nanos();
        List<Gate> gates = gatesToDrain(deployment);
        long inFlight = gates.stream().mapToLong(Gate::inFlight).sum();
        for (Gate gate : gates) {
            gate.awaitEmpty(began + deadline.toNanos(), time);
        }
        long cut = cutTheRest(gates);
        return new Drained(Math.max(0, inFlight - cut), cut, 0, 0, Duration.ofNanos(time.nanos() - began));
    }

    private synchronized List<Gate> gatesToDrain(String deployment) {
        if (route().active().map(Target::deployment).equals(Optional.of(deployment))) {
            throw new IllegalArgumentException(
                    deployment + " is where users are sent: switch to another deployment before draining it");
        }
        Tally tally = tallies.get(deployment);
        return tally == null ? List.of() : List.copyOf(tally.gates());
    }

    private long cutTheRest(List<Gate> gates) throws InterruptedException {
        AtomicLong cut = new AtomicLong();
        long until = time.nanos() + CUT_PATIENCE.toNanos();
        for (Gate gate : gates) {
            while (gate.inFlight() > 0 && time.nanos() < until) {
                gate.cutAll(cut::incrementAndGet);
                gate.awaitEmpty(time.nanos() + CUT_AGAIN_NANOS, time);
            }
        }
        return cut.get();
    }

    private Side newSide(Target target) {
        Tally tally = tallies.computeIfAbsent(target.deployment(), name -> new Tally(target));
        forgetTheOldest(target.deployment());
        return new Side(target, tally.newGate(), tally);
    }

    /** A router that runs for years sees many deployments; it remembers the counts of the last ones. */
    private void forgetTheOldest(String spared) {
        for (String name : new ArrayList<>(tallies.keySet())) {
            if (tallies.size() <= REMEMBERED) {
                return;
            }
            Tally tally = tallies.get(name);
            if (tally != null && !name.equals(spared) && tally.inFlight() == 0 && !isActive(name)) {
                tallies.remove(name);
            }
        }
    }

    private boolean isActive(String deployment) {
        return route().active().map(Target::deployment).equals(Optional.of(deployment));
    }
}
