package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** What all entrances of a router share: whom they believe, who is told of each request, how many were turned away. */
public final class Desk {

    private static final int STATUSES = 600;

    private final AtomicLongArray turnedAway = new AtomicLongArray(STATUSES);

    // set before anybody comes in
    private volatile List<Network> trusted = List.of();
    private volatile Finished.@Nullable Listener listener;

    Desk() {}

    /** What somebody from there says of the clients behind it is believed. */
    public void trust(List<Network> networks) {
        trusted = List.copyOf(networks);
    }

    public boolean trusts(InetAddress peer) {
        for (Network network : trusted) {
            if (network.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Is told of every request from here on. */
    public void tell(Finished.Listener each) {
        listener = each;
    }

    public Finished.@Nullable Listener listener() {
        return listener;
    }

    /** A request was passed on to nobody. */
    public void turnAway(int status) {
        turnedAway.incrementAndGet(Math.min(STATUSES - 1, Math.max(0, status)));
    }

    /** How many were turned away with which status. */
    public Map<Integer, Long> turnedAway() {
        Map<Integer, Long> counts = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            long count = turnedAway.get(status);
            if (count > 0) {
                counts.put(status, count);
            }
        }
        return counts;
    }
}
