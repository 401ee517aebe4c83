package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request reads once: the route, and the sides it points at. A switch replaces it as a whole; a target that stays
 * keeps its side, with its gate and its connections.
 */
final class Routes {

    private final Route route;
    private final Map<Target, Side> sides;
    private final Optional<Side> preview;
    private final Optional<Target> standby;
    private final Choice onceIn;
    private final @Nullable Fork fork;
    private final @Nullable WaitingRoom room;

    private Routes(Route route, @Nullable Routes former, Tallies tallies) {
        Routing routing = route.routing();
        this.route = route;
        this.sides = sides(routing, former, tallies);
        this.standby = routing.standby().or(() -> routing.active().filter(target -> wasStandby(target, former)));
        this.preview = routing.preview().map(target -> preview(target, former, tallies));
        this.fork = routing.canary().map(part -> fork(part, former)).orElse(null);
        this.onceIn = onceIn(routing);
        this.room = routing.admission() instanceof Admission.Held held ? room(held, former) : null;
    }

    private Routes(Route raised, Routes same) {
        this.route = raised;
        this.sides = same.sides;
        this.preview = same.preview;
        this.standby = same.standby;
        this.fork = same.fork;
        this.onceIn = same.onceIn;
        this.room = same.room;
    }

    static Routes of(Route route, Tallies tallies) {
        return new Routes(route, null, tallies);
    }

    /** The routes after these. */
    Routes next(Route route, Tallies tallies) {
        return new Routes(route, this, tallies);
    }

    /** The same routes, with a higher fence. */
    Routes raised(Route raised) {
        return new Routes(raised, this);
    }

    Route route() {
        return route;
    }

    /** Nothing if it was told to wait and the room is open already: then these are no longer the routes. */
    @Nullable
    Choice choose(Guest guest) {
        if (room != null) {
            return wait(room, guest);
        }
        return fork == null ? onceIn : fork.choose(guest);
    }

    Choice choosePreview() {
        return preview.<Choice>map(Choice.Go::to)
                .orElseGet(() -> new Choice.Nowhere("no release is there to be previewed: deploy one with a preview"));
    }

    /**
     * Who answers in its place. What users went back to answers too for the requests that were still with the one they left.
     */
    Optional<Side> standbyFor(Side failed) {
        return standby.filter(target -> !target.equals(failed.target())).map(sides::get);
    }

    int held() {
        return room == null ? 0 : room.size();
    }

    /** Whether this deployment gets requests, in any role. */
    boolean names(String deployment) {
        return route.routing().targets().stream()
                .anyMatch(target -> target.deployment().equals(deployment));
    }

    /** After the swap: what these routes had and the next ones have not gets no request any more. */
    List<Side> without(Routes next) {
        List<Side> gone = new ArrayList<>(sides.values());
        preview.ifPresent(gone::add);
        gone.removeAll(next.sides.values());
        next.preview.ifPresent(gone::remove);
        return gone;
    }

    /** After the swap: who waited for these routes asks the next ones. */
    void letIn(Routes next) {
        if (room != null && room != next.room) {
            room.open();
        }
    }

    private static boolean wasStandby(Target target, @Nullable Routes former) {
        return former != null && former.route.routing().standby().equals(Optional.of(target));
    }

    private static @Nullable Choice wait(WaitingRoom room, Guest guest) {
        return switch (room.enter(guest)) {
            case TAKEN -> new Choice.Wait(room, room.held().atMost());
            case FULL -> new Choice.Full(room.held().atMost());
            case OPENED -> null;
        };
    }

    private Choice onceIn(Routing routing) {
        if (routing.admission() instanceof Admission.Stopped stopped) {
            return new Choice.Stopped(stopped.message());
        }
        return routing.active()
                .<Choice>map(target -> Choice.Go.to(side(target)))
                .orElseGet(() -> new Choice.Nowhere("no release has been given traffic yet: deploy one"));
    }

    private static Map<Target, Side> sides(Routing routing, @Nullable Routes former, Tallies tallies) {
        Map<Target, Side> sides = new LinkedHashMap<>();
        for (Target target : routing.userTargets()) {
            Side kept = former == null ? null : former.sides.get(target);
            sides.put(target, kept == null ? tallies.newSide(target) : kept);
        }
        return sides;
    }

    private static Side preview(Target target, @Nullable Routes former, Tallies tallies) {
        return Optional.ofNullable(former)
                .flatMap(routes -> routes.preview)
                .filter(side -> side.target().equals(target))
                .orElseGet(() -> tallies.newPreview(target));
    }

    /** A share that goes on is still exact when something else of the routing is changed often. */
    private Fork fork(Canary part, @Nullable Routes former) {
        Fork before = former == null ? null : former.fork;
        Share share = before != null && before.isFor(part) ? before.share() : new Share(part.percent());
        return new Fork(part, side(route.routing().active().orElseThrow()), side(part.target()), share);
    }

    /** Who waits goes on waiting if only what is behind the door changes. */
    private static WaitingRoom room(Admission.Held held, @Nullable Routes former) {
        WaitingRoom before = former == null ? null : former.room;
        return before != null && before.held().equals(held) ? before : new WaitingRoom(held);
    }

    private Side side(Target target) {
        return Objects.requireNonNull(sides.get(target), "every target of the routing has a side");
    }
}
