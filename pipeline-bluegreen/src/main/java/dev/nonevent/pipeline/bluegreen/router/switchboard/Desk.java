package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What all entrances of a router share: whom they believe, who is told of each request, how many were turned away. */
public final class Desk {

    private final Map<Refused, LongAdder> turnedAway = new EnumMap<>(Refused.class);

    // set before anybody comes in
    private volatile List<Network> trusted = List.of();
    private volatile Finished.@Nullable Listener listener;

    Desk() {
        for (Refused why : Refused.values()) {
            turnedAway.put(why, new LongAdder());
        }
    }

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

    public void turnAway(Refused why) {
        Objects.requireNonNull(turnedAway.get(why)).increment();
    }

    /** How many requests were turned away, for every reason there is. */
    public Map<Refused, Long> turnedAway() {
        Map<Refused, Long> counts = new EnumMap<>(Refused.class);
        turnedAway.forEach((why, count) -> counts.put(why, count.sum()));
        return counts;
    }
}
