package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Targets that nobody vouches for: a router that comes back has them from a file, and has not heard of them since. They get
 * their requests all the same, for unknown is no permission to send users elsewhere; but nothing is built on them: no failed
 * request is sent again to one. A target that a switch brings in is vouched for by who switches.
 *
 * <p>Safe for use by several threads.
 */
public final class Doubts {

    private final Set<Target> doubted = ConcurrentHashMap.newKeySet();

    Doubts() {}

    public boolean trusts(Target target) {
        return !doubted.contains(target);
    }

    /** Those that are still in the route. */
    public Set<Target> open() {
        return Set.copyOf(doubted);
    }

    /** It has answered. */
    public void settle(Target target) {
        doubted.remove(target);
    }

    void raise(Collection<Target> targets) {
        doubted.addAll(targets);
    }

    void forgetAllBut(Collection<Target> targets) {
        doubted.retainAll(targets);
    }
}
