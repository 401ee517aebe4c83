package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * One target for as long as routings name it; a target that comes back later is another side with a new gate. What the
 * preview sees is a side of its own, with a tally that is in no count.
 *
 * @param replicas where its requests go
 */
public record Side(Target target, Gate gate, Tally tally, Replicas replicas) {

    Side(Target target, Gate gate, Tally tally) {
        this(target, gate, tally, Replicas.of(target, gate));
    }

    /** Counts it, then lets it go: whoever sees the gate empty sees it counted. */
    public void leave(Gate.Claim claim, Ended ended, TimeSource time) {
        tally.count(ended, time::now);
        gate.leave(claim);
    }

    /** Counts it as answered, though it goes on as something that stays. */
    public void outlast(Gate.Claim claim, Stay stay, Ended answered, TimeSource time) {
        tally.count(answered, time::now);
        gate.outlast(claim, stay);
    }

    /** @param afterGoodbye whether it went because it was told to, and politely */
    public void ended(Stay stay, boolean afterGoodbye) {
        gate.ended(stay, afterGoodbye);
    }

    /** Why traffic cannot be pointed there, if it cannot. */
    static Optional<String> problem(Target target) {
        List<URI> addresses = target.addresses();
        if (target.deployment().isBlank()) {
            return Optional.of("a target needs the name of its deployment, as in shop-17");
        } else if (addresses.size() > Replicas.MOST || new HashSet<>(addresses).size() < addresses.size()) {
            return Optional.of(target.deployment() + " is said to be at " + addresses.size()
                    + " addresses; name each once, " + Replicas.MOST + " at most");
        }
        return addresses.stream()
                .filter(address -> !isPlain(address))
                .findFirst()
                .map(address ->
                        "the router cannot send traffic to " + address + ": give it http://host:port and nothing more");
    }

    private static boolean isPlain(URI address) {
        String path = address.getRawPath();
        return "http".equalsIgnoreCase(address.getScheme())
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null
                && (path == null || path.isEmpty() || path.equals("/"));
    }
}
