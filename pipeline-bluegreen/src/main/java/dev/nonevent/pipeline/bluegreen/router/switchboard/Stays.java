package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What stays on one side, and how many of them left after a goodbye. Safe for use by several threads. */
final class Stays {

    private final Set<Stay> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong webSockets = new AtomicLong();

    void add(Stay stay) {
        open.add(stay);
    }

    void remove(Stay stay, boolean afterGoodbye) {
        if (afterGoodbye && open.contains(stay)) {
            (stay.webSocket() ? webSockets : streams).incrementAndGet();
        }
        open.remove(stay);
    }

    /** A live view: what comes and goes while it is looked at may be seen or not. */
    Set<Stay> open() {
        return open;
    }

    boolean none() {
        return open.isEmpty();
    }

    /** Streams that ended because they were asked to, ever. */
    long streamsEnded() {
        return streams.get();
    }

    /** WebSockets that ended because they were asked to, ever. */
    long webSocketsEnded() {
        return webSockets.get();
    }
}
