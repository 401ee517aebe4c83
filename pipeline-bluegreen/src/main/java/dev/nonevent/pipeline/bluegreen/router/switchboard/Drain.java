package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * One wait for closed gates to become empty. Requests are waited for. Streams and WebSockets are told to go, spread evenly
 * over the first four fifths of the time, so that their clients do not come back in one instant. What is left at the
 * deadline is cut.
 *
 * <p>It keeps nothing that a second one would need: one that is interrupted can be begun again, and two at the same time
 * see the same ends.
 */
final class Drain {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long CUT_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<Gate> gates;
    private final TimeSource time;
    private final long began;
    private final long lastGoodbye;
    private final long until;
    private final Set<Stay> planned = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Queue<Goodbye> goodbyes = new PriorityQueue<>();

    Drain(List<Gate> gates, Duration deadline, TimeSource time) {
        this.gates = gates;
        this.time = time;
        this.began = time.nanos();
        this.lastGoodbye = began + deadline.toNanos() / 5 * 4;
        this.until = began + deadline.toNanos();
    }

    private record Goodbye(long atNanos, Stay stay) implements Comparable<Goodbye> {

        @Override
        public int compareTo(Goodbye other) {
            return Long.signum(atNanos - other.atNanos);
        }
    }

    Drained run() throws InterruptedException {
        long inFlight = sum(Gate::inFlight);
        long cutRequests = sum(Gate::cutRequests);
        long cutStays = sum(Gate::cutStays);
        long streams = sum(gate -> gate.stays().streamsEnded());
        long webSockets = sum(gate -> gate.stays().webSocketsEnded());
        while (busy() && left(until) > 0) {
            planGoodbyes();
            sayGoodbyes();
            awaitTick(until);
        }
        cutTheRest();
        long cut = sum(Gate::cutRequests) - cutRequests;
        return new Drained(
                Math.max(0, inFlight - cut),
                cut + sum(Gate::cutStays) - cutStays,
                sum(gate -> gate.stays().streamsEnded()) - streams,
                sum(gate -> gate.stays().webSocketsEnded()) - webSockets,
                Duration.ofNanos(time.nanos() - began));
    }

    /** Spreads those who are new over what is left of the time; a late answer may have become a stream just now. */
    private void planGoodbyes() {
        List<Stay> fresh = gates.stream()
                .flatMap(gate -> gate.stays().open().stream())
                .filter(planned::add)
                .toList();
        long now = time.nanos();
        long spread = Math.max(0, lastGoodbye - now);
        for (int i = 0; i < fresh.size(); i++) {
            goodbyes.add(new Goodbye(now + (long) ((double) spread * i / fresh.size()), fresh.get(i)));
        }
    }

    private void sayGoodbyes() {
        for (Goodbye next = goodbyes.peek(); next != null && left(next.atNanos()) <= 0; next = goodbyes.peek()) {
            goodbyes.remove();
            next.stay().sayGoodbye();
        }
    }

    private void cutTheRest() throws InterruptedException {
        long patience = time.nanos() + CUT_PATIENCE_NANOS;
        while (busy() && left(patience) > 0) {
            gates.forEach(Gate::cutAll);
            awaitTick(patience);
        }
    }

    /** Until the first busy gate is empty, for a tick at most. */
    private void awaitTick(long atMost) throws InterruptedException {
        long tick = time.nanos() + Math.min(TICK_NANOS, left(atMost));
        for (Gate gate : gates) {
            if (gate.busy()) {
                gate.awaitEmpty(tick, time);
                return;
            }
        }
    }

    private boolean busy() {
        return gates.stream().anyMatch(Gate::busy);
    }

    private long left(long at) {
        return at - time.nanos();
    }

    private long sum(ToLongFunction<Gate> count) {
        return gates.stream().mapToLong(count).sum();
    }
}
