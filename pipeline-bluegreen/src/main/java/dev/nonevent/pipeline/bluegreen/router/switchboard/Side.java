package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * One target for as long as routings name it; a target that comes back later is another side with a new gate. What the
 * preview sees is a side of its own, with a tally that is in no count.
 */
public record Side(Target target, Gate gate, Tally tally) {

    private static final int HTTP = 80;

    /** Resolved anew for every connection: an address that moves is followed. */
    public InetSocketAddress address() {
        return address(target);
    }

    public static InetSocketAddress address(Target target) {
        URI address = target.address();
        return new InetSocketAddress(host(address), port(address));
    }

    /** As a {@code Host} header. */
    public String authority() {
        return target.address().getRawAuthority();
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
        URI address = target.address();
        String path = address.getRawPath();
        boolean plain = "http".equalsIgnoreCase(address.getScheme())
                && address.getHost() != null
                && address.getRawUserInfo() == null
                && address.getRawQuery() == null
                && address.getRawFragment() == null
                && (path == null || path.isEmpty() || path.equals("/"));
        if (target.deployment().isBlank()) {
            return Optional.of("a target needs the name of its deployment, as in shop-17");
        }
        return plain
                ? Optional.empty()
                : Optional.of(
                        "the router cannot send traffic to " + address + ": give it http://host:port and nothing more");
    }

    private static String host(URI address) {
        String host = address.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI address) {
        return address.getPort() < 0 ? HTTP : address.getPort();
    }
}
