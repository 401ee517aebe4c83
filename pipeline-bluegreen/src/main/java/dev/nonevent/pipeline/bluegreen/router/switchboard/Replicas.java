package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one side, and which of them a request goes to: of two, the one with fewer requests in flight (Mitzenmacher,
 * "The power of two choices in randomized load balancing", 2001). Which two is not left to chance: every pair has its turn, so
 * that equals get the same number of requests; and none can draw all of them to itself by failing faster than the others
 * answer, as the one with the fewest of all would.
 *
 * <p>Safe for use by several threads.
 */
public final class Replicas {

    /** Of one side: which of them a request was at is one word. */
    static final int MOST = Long.SIZE;

    private final Replica[] all;
    private final AtomicInteger turn = new AtomicInteger();

    private Replicas(Replica[] all) {
        this.all = all;
    }

    static Replicas of(Target target, Gate gate) {
        List<URI> addresses = target.addresses();
        Replica[] all = new Replica[addresses.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = new Replica(addresses.get(i), i, gate);
        }
        return new Replicas(all);
    }

    /** The first, which is often the only one. */
    public Replica first() {
        return all[0];
    }

    public boolean areSeveral() {
        return all.length > 1;
    }

    public List<Replica> all() {
        return List.of(all);
    }

    /**
     * One of several. That all of them failed before is no reason to send a request to none.
     *
     * @param tried the bits of those that this request was at already
     * @param onceOnly the request must not be sent twice
     * @return nothing if it was at every one
     */
    public @Nullable Replica choose(long tried, boolean onceOnly, long now) {
        int count = all.length;
        int pair = turn.getAndIncrement() & Integer.MAX_VALUE;
        int one = pair % count;
        int other = (one + 1 + pair / count % (count - 1)) % count;
        if (all[other].inFlight() < all[one].inFlight()) {
            int fuller = one;
            one = other;
            other = fuller;
        }
        if (isFor(all[one], tried, onceOnly, now)) {
            return all[one];
        }
        for (int i = 0; i < count; i++) {
            Replica next = all[(other + i) % count];
            if (isFor(next, tried, onceOnly, now)) {
                return next;
            }
        }
        for (int i = 0; i < count; i++) {
            Replica next = all[(one + i) % count];
            if ((tried & next.bit()) == 0) {
                return next;
            }
        }
        return null;
    }

    private static boolean isFor(Replica replica, long tried, boolean onceOnly, long now) {
        return (tried & replica.bit()) == 0 && replica.takes(onceOnly, now);
    }
}
