package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What one deployment answered, over all the times it was given traffic. Safe for use by several threads. */
public final class Tally {

    private final Target target;
    private final List<Gate> gates = new CopyOnWriteArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable Instant> firstFailedAt = new AtomicReference<>();

    Tally(Target target) {
        this.target = target;
    }

    /** One more time it gets traffic; the closed and empty gates of former times are forgotten. */
    Gate newGate() {
        Gate gate = new Gate();
        gates.removeIf(former -> former.closed() && former.inFlight() == 0);
        gates.add(gate);
        return gate;
    }

    List<Gate> gates() {
        return gates;
    }

    public void answered() {
        requests.incrementAndGet();
    }

    public void failed(Instant at) {
        firstFailedAt.compareAndSet(null, at);
        failed.incrementAndGet();
        requests.incrementAndGet();
    }

    long inFlight() {
        return gates.stream().mapToLong(Gate::inFlight).sum();
    }

    Counts counts() {
        long failures = failed.get();
        return new Counts(
                target.colour(),
                target.deployment(),
                requests.get(),
                failures,
                0,
                inFlight(),
                Optional.ofNullable(firstFailedAt.get()),
                Latencies.none());
    }
}
