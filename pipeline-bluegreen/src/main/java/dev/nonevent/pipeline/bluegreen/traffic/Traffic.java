package dev.nonevent.pipeline.bluegreen.traffic;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The open line to what carries the traffic of one application. Every call is idempotent and answers with what is true
 * when it returns.
 *
 * <p>There is one verb, {@link #switchTo(Routing, long)}, and what users get is changed by changing the picture of it. To
 * let users wait during a migration, and then let them in:
 *
 * <pre>{@code
 * Route before = traffic.route();
 * traffic.switchTo(before.routing().admission(new Admission.Held(ofSeconds(20), 500)), before.fence());
 * migrate();
 * traffic.switchTo(before.routing(), before.fence());
 * }</pre>
 *
 * <p>{@code new Admission.Stopped("Back at nine")} shows a page instead; {@code routing.canary(Canary.of(green, 10))} gives
 * a part of the users to another target. Whoever read the fence with the route is refused once a deployer with a higher one
 * has come in between.
 *
 * <p>Every call throws {@link TrafficUnknownException} if the other side cannot be reached or read: then nobody knows where
 * traffic is, and nothing may be removed.
 */
public interface Traffic extends AutoCloseable {

    /** Where users are pointed now; linearisable with {@link #switchTo}. */
    Route route();

    /**
     * Raises the fence and leaves the traffic where it is.
     *
     * @throws StaleFenceException if a higher fence was seen
     */
    Route raiseFence(long fence);

    /**
     * Points users at the target, and nothing beside it: from the return on, no new request reaches another one. Survives a
     * restart of the other side.
     *
     * @throws StaleFenceException if a higher fence was seen; nothing changed
     */
    default Route switchTo(Target target, long fence) {
        return switchTo(Routing.to(target), fence);
    }

    /**
     * Puts up a routing as a whole: from the return on, no new request goes by an older one. Survives a restart of the
     * other side.
     *
     * @throws StaleFenceException if a higher fence was seen; nothing changed
     * @throws IllegalArgumentException if the routing has problems, has no active target, or needs a {@link Capability}
     *     that the switcher lacks; nothing changed
     */
    Route switchTo(Routing routing, long fence);

    /** Exact counts of every deployment that got traffic and is still known; empty if it cannot count. */
    List<Counts> counts();

    /**
     * Waits until nothing is in flight to a deployment that gets no new requests, or cuts what is at the deadline. Streams
     * and WebSockets are told to go during that time.
     *
     * @throws IllegalArgumentException if the deployment still gets requests
     */
    Drained drain(String deployment, Duration deadline) throws InterruptedException;

    /** Where users come in. */
    URI address();

    /** Where {@link Routing#preview} is reached; empty if the switcher has no such place. */
    default Optional<URI> preview() {
        return Optional.empty();
    }

    /**
     * Ends the other side: nobody answers the application's users any more. The fence is remembered and the target is not:
     * once its instances are gone, its address may be a stranger's.
     *
     * @throws StaleFenceException if a higher fence was seen
     */
    void shutDown(long fence) throws InterruptedException;

    /** Hangs up; the traffic goes on. */
    @Override
    void close();
}
