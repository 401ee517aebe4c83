package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Replicas;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way of one request through the replicas of its side, each at most once; a side that is one alone needs none. No other is
 * tried once two connections could have been waited for in vain. Lives on the event loop of its request.
 */
final class Attempts {

    private final Replicas replicas;
    private final Asker client;
    private final long until;
    private long tried;
    private boolean sentAgain;
    private @Nullable Replica at;

    private Attempts(Replicas replicas, Asker client) {
        this.replicas = replicas;
        this.client = client;
        this.until = client.time().nanos()
                + 2 * client.pool().limits().instances().connect().toNanos();
    }

    static @Nullable Attempts at(Replicas replicas, Asker client) {
        return replicas.areSeveral() ? new Attempts(replicas, client) : null;
    }

    Replica first(boolean onceOnly) {
        return Objects.requireNonNull(next(onceOnly), "there are several");
    }

    /**
     * Where it goes after the one that it is at took no connection, or broke it off without a word; nowhere, if it was
     * everywhere, or has waited too long.
     *
     * @param wasSent it has reached one: then it goes to one other at most, for it may be what ended the first
     */
    @Nullable
    Replica afterFailure(boolean wasSent, boolean onceOnly) {
        long now = client.time().nanos();
        if (at != null) {
            at.failed(now);
        }
        if (now - until >= 0 || (wasSent && (onceOnly || sentAgain))) {
            return null;
        }
        sentAgain |= wasSent;
        return next(onceOnly);
    }

    private @Nullable Replica next(boolean onceOnly) {
        over();
        Replica next = replicas.choose(tried, onceOnly, client.time().nanos());
        if (next != null) {
            tried |= next.bit();
            next.carries(1);
        }
        at = next;
        return next;
    }

    /** The replica has something to say. */
    void answered() {
        if (at != null) {
            at.answered();
        }
    }

    /** It is with none any more; called again, does nothing. */
    void over() {
        if (at != null) {
            at.carries(-1);
            at = null;
        }
    }
}
