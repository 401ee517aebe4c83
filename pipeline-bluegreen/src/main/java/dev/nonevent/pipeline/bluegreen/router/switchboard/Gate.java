package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.time.TimeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets requests through to one side until it is closed, for ever, and knows which are inside.
 *
 * <p>The count and the closed bit are one word, changed by one compare-and-set: whoever reads the count of a closed gate
 * sees every request that got in. No lock is held while a request is forwarded.
 */
public final class Gate {

    private static final long CLOSED = Long.MIN_VALUE;
    private static final long NANOS_OF_A_MILLI = 1_000_000;

    private final AtomicLong word = new AtomicLong();
    private final Set<Claim> inside = ConcurrentHashMap.newKeySet();
    private final Stays stays = new Stays();
    private final AtomicLong cutRequests = new AtomicLong();
    private final AtomicLong cutStays = new AtomicLong();

    /** A request that got in. */
    public interface Claim {

        /**
         * Ends it early, if it is still inside of that gate; {@code wasCut} runs if it was. May return before it is done.
         */
        void cut(Gate gate, Runnable wasCut);
    }

    /** False if the gate is closed: then the route was changed, and must be read again. */
    boolean enter(Claim claim) {
        long seen;
        do {
            seen = word.get();
            if (seen < 0) {
                return false;
            }
        } while (!word.compareAndSet(seen, seen + 1));
        inside.add(claim);
        return true;
    }

    void leave(Claim claim) {
        inside.remove(claim);
        if (word.decrementAndGet() == CLOSED) {
            wakeWhoWaits();
        }
    }

    /** The request is answered, and goes on as something that stays: at no moment is it neither of the two. */
    void outlast(Claim claim, Stay stay) {
        stays.add(stay);
        leave(claim);
    }

    /** @param afterGoodbye whether it went because it was told to, and politely */
    void ended(Stay stay, boolean afterGoodbye) {
        stays.remove(stay, afterGoodbye);
        if (stays.none() && word.get() == CLOSED) {
            wakeWhoWaits();
        }
    }

    private synchronized void wakeWhoWaits() {
        notifyAll();
    }

    /** From the return on, nobody gets in. */
    void close() {
        word.getAndUpdate(seen -> seen | CLOSED);
    }

    public boolean closed() {
        return word.get() < 0;
    }

    long inFlight() {
        return word.get() & ~CLOSED;
    }

    Stays stays() {
        return stays;
    }

    /** Whether a request is in flight, or anything stays. */
    boolean busy() {
        return inFlight() > 0 || !stays.none();
    }

    /** Ends everything that is inside; called again, ends what a first call was too early for. */
    void cutAll() {
        inside.forEach(claim -> claim.cut(this, cutRequests::incrementAndGet));
        stays.open().forEach(stay -> stay.cut(cutStays::incrementAndGet));
    }

    /** Requests that were cut, ever. */
    long cutRequests() {
        return cutRequests.get();
    }

    /** Streams and WebSockets that were cut, ever. */
    long cutStays() {
        return cutStays.get();
    }

    /** Waits until a closed gate has nobody inside and nothing that stays, or until then. */
    synchronized void awaitEmpty(long until, TimeSource time) throws InterruptedException {
        for (long left = until - time.nanos(); busy() && left > 0; left = until - time.nanos()) {
            wait(left / NANOS_OF_A_MILLI, (int) (left % NANOS_OF_A_MILLI));
        }
    }
}
