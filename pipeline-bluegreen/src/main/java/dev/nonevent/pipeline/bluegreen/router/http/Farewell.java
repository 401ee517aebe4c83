package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * How a router leaves that another one has taken over from: clients are told with their next answer, and who has not
 * asked within a grace is closed. A request that is sent at that very moment is lost, as with every server that closes.
 *
 * <p>Safe for use by several threads.
 */
final class Farewell {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Set<Stayer> stayers = ConcurrentHashMap.newKeySet();
    private volatile boolean announced;
    private volatile boolean over;

    /** Each stayer says so once it can be told; who comes late is told at once. */
    void arrived(Stayer stayer) {
        stayers.add(stayer);
        if (over) {
            stayer.takeNoMore();
        } else if (announced) {
            stayer.announceTheEnd();
        }
    }

    void left(Stayer stayer) {
        stayers.remove(stayer);
    }

    /**
     * From the return on, no stayer's new request is taken; unless it is not meant any more, see {@link #takeBack}.
     *
     * @return whether it is still meant
     */
    boolean say(Duration grace, BooleanSupplier meant, TimeSource time) throws InterruptedException {
        long until = time.nanos() + grace.toNanos();
        announced = true;
        stayers.forEach(Stayer::announceTheEnd);
        while (somebodyMayAsk() && until - time.nanos() > 0) {
            if (!meant.getAsBoolean()) {
                return false;
            }
            time.sleep(LOOK_AGAIN);
        }
        over = true;
        stayers.forEach(Stayer::takeNoMore);
        while (somebodyMayAsk()) {
            time.sleep(LOOK_AGAIN);
        }
        return meant.getAsBoolean();
    }

    /** Who comes from here on may stay; who was told to go goes. */
    void takeBack() {
        announced = false;
        over = false;
    }

    private boolean somebodyMayAsk() {
        return stayers.stream().anyMatch(Stayer::takesMore);
    }
}
