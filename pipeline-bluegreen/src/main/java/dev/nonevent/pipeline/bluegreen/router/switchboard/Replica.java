package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One address of a side. Beside others, it is left alone for a while when it took no connection, or broke one off without a
 * word: a second at first, then twice as long each time, up to 16. Then one request tries it, which is preferably one that
 * may be sent again; the first answer ends it. Safe for use by several threads.
 */
public final class Replica {

    private static final int HTTP = 80;
    private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(16);

    private final URI address;
    private final int number;
    private final Gate gate;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicReference<@Nullable Rest> resting = new AtomicReference<>();

    /** @param pause that it began with */
    private record Rest(long until, long pause) {}

    /** @param number of it in its side, from 0 */
    Replica(URI address, int number, Gate gate) {
        this.address = address;
        this.number = number;
        this.gate = gate;
    }

    /** Resolved anew for every connection: an address that moves is followed. */
    public InetSocketAddress address() {
        return address(address);
    }

    public static InetSocketAddress address(URI address) {
        return new InetSocketAddress(host(address), port(address));
    }

    /** As a {@code Host} header. */
    public String authority() {
        return address.getRawAuthority();
    }

    /** Of its side. */
    public Gate gate() {
        return gate;
    }

    /** Of its side's others, in a word of 64 bits. */
    public long bit() {
        return 1L << number;
    }

    /** One request more or less is with it; told only of one that has others beside it. */
    public void carries(int more) {
        inFlight.addAndGet(more);
    }

    int inFlight() {
        return inFlight.get();
    }

    /** It took no connection, or broke one off without a word. */
    public void failed(long now) {
        resting.compareAndSet(null, new Rest(now + SHORTEST, SHORTEST));
    }

    /** It has answered, whatever it was. */
    public void answered() {
        if (resting.get() != null) {
            resting.set(null);
        }
    }

    /** Whether a request may go there now; if it has failed before, its next rest begins with that, until it answers. */
    boolean takes(boolean onceOnly, long now) {
        Rest rest = resting.get();
        if (rest == null) {
            return true;
        }
        long over = now - rest.until;
        if (over < (onceOnly ? rest.pause : 0)) {
            return false;
        }
        long pause = Math.min(LONGEST, 2 * rest.pause);
        return resting.compareAndSet(rest, new Rest(now + pause, pause));
    }

    private static String host(URI address) {
        String host = address.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI address) {
        return address.getPort() < 0 ? HTTP : address.getPort();
    }
}
