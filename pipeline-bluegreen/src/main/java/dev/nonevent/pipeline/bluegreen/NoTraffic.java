package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Nothing carries any traffic, so no user can come to anything. */
final class NoTraffic implements Traffic {

    @Override
    public Route route() {
        return Route.none();
    }

    @Override
    public Route raiseFence(long fence) {
        return Route.none();
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        throw new IllegalStateException("nothing is there that could carry the traffic");
    }

    @Override
    public List<Counts> counts() {
        return List.of();
    }

    @Override
    public Drained drain(String deployment, Duration deadline) {
        return Drained.nothing();
    }

    @Override
    public URI address() {
        throw new IllegalStateException("nothing is there that users could come to");
    }

    @Override
    public void shutDown(long fence) {
        // There is nothing to end.
    }

    @Override
    public void close() {
        // There is nothing to leave.
    }
}
