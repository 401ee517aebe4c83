package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.RunningRouter;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The line to a router in the same JVM. */
final class LocalTraffic implements Traffic {

    private final Supplier<Optional<RunningRouter>> router;
    private final Runnable end;

    /**
     * @param router empty once it was shut down
     * @param end shuts it down
     */
    LocalTraffic(Supplier<Optional<RunningRouter>> router, Runnable end) {
        this.router = router;
        this.end = end;
    }

    @Override
    public Route route() {
        return switchboard().route();
    }

    @Override
    public Route raiseFence(long fence) {
        return switchboard().raiseFence(fence);
    }

    @Override
    public Route switchTo(Routing routing, long fence) {
        return running().switchTo(routing, fence);
    }

    @Override
    public List<Counts> counts() {
        return switchboard().counts();
    }

    @Override
    public Drained drain(String deployment, Duration deadline) throws InterruptedException {
        return switchboard().drain(deployment, deadline);
    }

    @Override
    public URI address() {
        return running().address();
    }

    @Override
    public Optional<URI> preview() {
        return running().preview();
    }

    @Override
    public void shutDown(long fence) {
        switchboard().forget(fence);
        end.run();
    }

    @Override
    public void close() {
        // nothing to hang up: the router is in this JVM, and goes on
    }

    private Switchboard switchboard() {
        return running().switchboard();
    }

    private RunningRouter running() {
        return router.get()
                .orElseThrow(() -> new TrafficUnknownException("the router in this JVM was shut down: open it again"));
    }
}
