package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.router.daemon.ChosenLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * What a router puts up with, where that is to be other than usual:
 *
 * <pre>{@code
 * Router.router(8000).limits(RouterLimits.usual().body(10_000_000).firstByte(Duration.ofSeconds(20)))
 * }</pre>
 *
 * <p>Immutable. What is usual, and every limit that cannot be chosen, is in {@code docs/router.md}.
 */
public final class RouterLimits {

    private final ChosenLimits chosen;

    private RouterLimits(ChosenLimits chosen) {
        this.chosen = chosen;
    }

    public static RouterLimits usual() {
        return new RouterLimits(ChosenLimits.none());
    }

    /**
     * Of clients at the same time; one more is told 503, and closed.
     *
     * @param most 1 or more; usually 20,000
     */
    public RouterLimits connections(int most) {
        return with(new ChosenLimits(Optional.of(most), none(), none(), none(), none(), none()));
    }

    /**
     * Of a request, counted as it passes: 413 for a longer one, and the instance never sees its end.
     *
     * @param bytes 0 or more; usually there is no limit, as bodies are not kept
     */
    public RouterLimits body(long bytes) {
        return with(new ChosenLimits(none(), Optional.of(bytes), none(), none(), none(), none()));
    }

    /**
     * Without a byte from a client that is to send something, then its connection is closed.
     *
     * @param atMost a millisecond to a day; usually 75 s
     */
    public RouterLimits clientIdle(Duration atMost) {
        return with(new ChosenLimits(none(), none(), Optional.of(atMost), none(), none(), none()));
    }

    /**
     * Until a connection to an instance stands, else 502.
     *
     * @param atMost a millisecond to a day; usually 5 s
     */
    public RouterLimits connect(Duration atMost) {
        return with(new ChosenLimits(none(), none(), none(), Optional.of(atMost), none(), none()));
    }

    /**
     * Without a byte to an instance or from it before its answer begins, else 504: how long it may think about a request.
     *
     * @param atMost a millisecond to a day; usually 60 s
     */
    public RouterLimits firstByte(Duration atMost) {
        return with(new ChosenLimits(none(), none(), none(), none(), Optional.of(atMost), none()));
    }

    /**
     * Without a byte within an answer of an instance, then it is broken off. Event streams and WebSockets may be silent for
     * an hour.
     *
     * @param atMost a millisecond to a day; usually 5 minutes
     */
    public RouterLimits instanceIdle(Duration atMost) {
        return with(new ChosenLimits(none(), none(), none(), none(), none(), Optional.of(atMost)));
    }

    ChosenLimits chosen() {
        return chosen;
    }

    private RouterLimits with(ChosenLimits one) {
        return new RouterLimits(chosen.and(one));
    }

    private static <T> Optional<T> none() {
        return Optional.empty();
    }
}
