package dev.nonevent.pipeline.bluegreen.proxy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Everything a proxy is to go by. Immutable.
 *
 * @param edition grows whenever users are sent elsewhere, and not when only the fence is raised
 * @param open false once it was shut down: then nobody serves the application
 * @param sides the deployments that have one, the one that was given its side last at the end
 */
public record Layout(Route route, long edition, boolean open, List<Side> sides) {

    /** The names of the sides. Two are enough for blue and green; the others are for requests that outlive both. */
    public static final List<String> NAMES = List.of("side1", "side2", "side3", "side4");

    public Layout {
        sides = List.copyOf(sides);
    }

    /** Before anybody was ever sent anywhere. */
    static Layout none() {
        return new Layout(Route.none(), 0, false, List.of());
    }

    Layout opened() {
        return new Layout(next(route.routing(), route.fence()), edition + 1, true, sides);
    }

    Layout closed(long fence) {
        return new Layout(next(Routing.nowhere(), fence), edition + 1, false, sides);
    }

    Layout raised(long fence) {
        return new Layout(next(route.routing(), fence), edition, open, sides);
    }

    /**
     * @param busy whether a side still has requests: then it is not given to another deployment
     * @throws InfrastructureException if every side is busy
     */
    Layout switched(Routing routing, long fence, Predicate<Side> busy) {
        List<Side> places = new ArrayList<>(sides);
        for (Target target : served(routing)) {
            String name = nameFor(target, places, routing, busy);
            places.removeIf(side -> side.name().equals(name));
            places.add(new Side(name, target, Endpoint.of(target)));
        }
        return new Layout(next(routing, fence), edition + 1, open, places);
    }

    /** Who gets requests of users, the active one first. */
    @JsonIgnore
    public List<Side> served() {
        return served(route.routing()).stream()
                .map(target -> side(target.deployment()).orElseThrow())
                .toList();
    }

    public Optional<Side> side(String deployment) {
        return sides.stream()
                .filter(side -> side.target().deployment().equals(deployment))
                .findFirst();
    }

    private static List<Target> served(Routing routing) {
        List<Target> targets = new ArrayList<>();
        routing.active().ifPresent(targets::add);
        routing.canary().map(Canary::target).ifPresent(targets::add);
        return targets;
    }

    private static String nameFor(Target target, List<Side> places, Routing routing, Predicate<Side> busy) {
        for (Side side : places) {
            if (side.target().deployment().equals(target.deployment())) {
                return side.name();
            }
        }
        List<String> free = new ArrayList<>(NAMES);
        places.forEach(side -> free.remove(side.name()));
        if (!free.isEmpty()) {
            return free.get(0);
        }
        return places.stream()
                .filter(side -> !served(routing).contains(side.target()))
                .filter(busy.negate())
                .findFirst()
                .orElseThrow(() -> new InfrastructureException("there is no side left for " + target.deployment()
                        + ": each still has requests of a former deployment; drain them first"))
                .name();
    }

    private Route next(Routing routing, long fence) {
        return new Route(routing, fence, route.generation() + 1);
    }
}
