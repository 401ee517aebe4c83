package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one deployment answered, over all the times it was given traffic. Safe for use by several threads. */
public final class Tally {

    private static final int CLASSES = 6;
    private static final int HUNDRED = 100;

    private final Target target;
    private final List<Gate> gates = new CopyOnWriteArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLongArray ofClass = new AtomicLongArray(CLASSES);
    private final Times times = new Times();
    private final AtomicReference<@Nullable Instant> firstFailedAt = new AtomicReference<>();

    Tally(Target target) {
        this.target = target;
    }

    /** One more time it gets traffic; the closed and empty gates of former times are forgotten. */
    Gate newGate() {
        Gate gate = new Gate();
        gates.removeIf(former -> former.closed() && !former.busy());
        gates.add(gate);
        return gate;
    }

    List<Gate> gates() {
        return gates;
    }

    /** @param now asked only if it failed */
    void count(Ended ended, Supplier<Instant> now) {
        if (ended.how() == Ended.How.ANSWERED) {
            times.record(ended.nanos());
        } else if (ended.how() == Ended.How.REPLAYED) {
            replayed.incrementAndGet();
        } else if (ended.how() == Ended.How.CUT) {
            cut.incrementAndGet();
        }
        ofClass.incrementAndGet(Math.min(CLASSES - 1, ended.status() / HUNDRED));
        if (ended.failed()) {
            if (firstFailedAt.get() == null) {
                firstFailedAt.compareAndSet(null, now.get());
            }
            failed.incrementAndGet();
        }
        requests.incrementAndGet();
    }

    /** Whether a request is in flight there, or anything stays. */
    boolean busy() {
        return gates.stream().anyMatch(Gate::busy);
    }

    long inFlight() {
        return gates.stream().mapToLong(Gate::inFlight).sum();
    }

    Counts counts() {
        // what is a part of another number is read before it, so that no part is ever greater than the whole
        Latencies latencies = times.latencies();
        long others = replayed.get();
        long failures = failed.get();
        return new Counts(
                target.colour(),
                target.deployment(),
                requests.get(),
                failures,
                others,
                inFlight(),
                Optional.ofNullable(firstFailedAt.get()),
                latencies);
    }

    Figures figures() {
        List<Long> classes = IntStream.range(0, CLASSES).mapToObj(ofClass::get).toList();
        return new Figures(counts(), classes, cut.get(), times.between(Figures.BOUNDS), times.sum());
    }
}
