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
import java.util.function.Consumer;

/**
 * Decides where requests go. A request claims its side from the snapshot it reads; a switch is durable first, then one
 * reference swap, then the gates close of the sides that get no more requests.
 *
 * <p>A claim stands only if the snapshot is still the one that it was read from once the request is inside: when a switch
 * returns, no request claims by an older routing any more, also where a side is in both.
 *
 * <p>Changes are made one at a time; requests never wait for one.
 *
 * <p>It is itself the users' entrance; the preview has {@link #preview another}.
 */
public final class Switchboard implements Entrance {

    /** Makes a route durable, or throws and is sure that it is not. */
    public interface Memory {
        void keep(Route route);
    }

    private final Memory memory;
    private final TimeSource time;
    private final Desk desk = new Desk();
    private final Doubts doubts = new Doubts();

    // one reference, replaced under the lock of this and read without it
    private volatile Routes routes;

    // under the lock of this
    private final Tallies tallies = new Tallies();
    private Consumer<Side> whenClosed = side -> {};
    private long switches;

    public Switchboard(Route restored, Memory memory, TimeSource time) {
        this.memory = memory;
        this.time = time;
        this.routes = Routes.of(restored, tallies);
    }

    /** Told of every side that was closed, after the switch. */
    public synchronized void whenClosed(Consumer<Side> listener) {
        whenClosed = listener;
    }

    @Override
    public Choice claim(Guest guest) {
        while (true) {
            Routes seen = routes;
            Choice choice = seen.choose(guest);
            if (choice != null && stands(choice, seen, guest)) {
                return choice;
            }
        }
    }

    @Override
    public Optional<Side> claimStandby(Side failed, Gate.Claim claim) {
        while (true) {
            Routes seen = routes;
            Optional<Side> standby = seen.standbyFor(failed).filter(side -> doubts.trusts(side.target()));
            if (standby.isEmpty() || isInside(standby.get(), seen, claim)) {
                return standby;
            }
        }
    }

    /** From here on every target of the route as it is now, until it is settled or leaves the route. */
    public Doubts doubtAll() {
        doubts.raise(route().routing().targets());
        return doubts;
    }

    /** Each target of the route, and whether it is trusted. */
    public Map<Target, Boolean> trusted() {
        Map<Target, Boolean> trusted = new LinkedHashMap<>();
        route().routing().targets().forEach(target -> trusted.put(target, doubts.trusts(target)));
        return trusted;
    }

    /** Leads to the target that only the preview sees, whether users are let in or not. */
    public Entrance preview() {
        return new Entrance() {

            @Override
            public Choice claim(Guest guest) {
                return claimPreview(guest);
            }

            @Override
            public Optional<Side> claimStandby(Side failed, Gate.Claim claim) {
                return Optional.empty();
            }

            @Override
            public TimeSource time() {
                return time;
            }

            @Override
            public Desk desk() {
                return desk;
            }
        };
    }

    private Choice claimPreview(Gate.Claim claim) {
        while (true) {
            Routes seen = routes;
            Choice choice = seen.choosePreview();
            if (stands(choice, seen, claim)) {
                return choice;
            }
        }
    }

    private boolean stands(Choice choice, Routes seen, Gate.Claim claim) {
        return !(choice instanceof Choice.Go go) || isInside(go.side(), seen, claim);
    }

    private boolean isInside(Side side, Routes seen, Gate.Claim claim) {
        if (!side.gate().enter(claim)) {
            return false;
        }
        if (routes != seen) {
            side.gate().leave(claim);
            return false;
        }
        return true;
    }

    @Override
    public TimeSource time() {
        return time;
    }

    @Override
    public Desk desk() {
        return desk;
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
        routes = now.raised(raised);
        return raised;
    }

    public synchronized Route switchTo(Routing routing, long fence) {
        Routes now = routes;
        refuseStale(fence, now.route());
        refuseProblems(routing);
        if (now.route().routing().equals(routing)) {
            return raiseFence(fence);
        }
        Route next = new Route(routing, fence, now.route().generation() + 1);
        put(next);
        return next;
    }

    /** Users are sent nowhere from here on; the fence stays. */
    public synchronized void forget(long fence) {
        Route now = route();
        refuseStale(fence, now);
        put(new Route(Routing.nowhere(), fence, now.generation() + 1));
    }

    private void put(Route next) {
        memory.keep(next);
        replaceBy(next);
    }

    private void replaceBy(Route next) {
        Routes former = routes;
        Routes latter = former.next(next, tallies);
        routes = latter;
        switches++;
        for (Side gone : former.without(latter)) {
            gone.gate().close();
            whenClosed.accept(gone);
        }
        former.letIn(latter);
        tallies.forgetTheOldest(latter::names);
        doubts.forgetAllBut(next.routing().targets());
    }

    /** Requests that wait to be let in. */
    public int held() {
        return routes.held();
    }

    /** Nobody is let in any more, and what is kept stays as it is: another router goes on with it. */
    public synchronized void retire() {
        Route now = route();
        replaceBy(new Route(Routing.nowhere(), now.fence(), now.generation()));
    }

    /** Goes on with what is kept, after it had retired or while nobody knew whether it would. */
    public synchronized void resume(Route kept) {
        if (!route().equals(kept)) {
            replaceBy(kept);
        }
    }

    public synchronized List<Counts> counts() {
        return tallies.counts();
    }

    /** How often another routing was put up. */
    public synchronized long switches() {
        return switches;
    }

    public synchronized List<Figures> figures() {
        return tallies.figures();
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
        return new Drain(gatesToDrain(deployment), deadline, time).run();
    }

    private synchronized List<Gate> gatesToDrain(String deployment) {
        if (routes.names(deployment)) {
            throw new IllegalArgumentException(deployment
                    + " still gets requests: switch to a routing without it before draining it, in any role");
        }
        return tallies.gates(deployment);
    }
}
