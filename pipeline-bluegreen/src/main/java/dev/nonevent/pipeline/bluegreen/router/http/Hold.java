package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Choice;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Guest;
import dev.nonevent.pipeline.bluegreen.router.switchboard.WaitingRoom;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that one request waits because users are held: a place in a room and a clock, and no thread. Lives on the event
 * loop of its request.
 */
final class Hold {

    private final Asker client;
    private final Guest guest;
    private final Runnable tooLong;
    private final long since;
    private @Nullable WaitingRoom room;
    private @Nullable Future<?> clock;

    /** @param tooLong called when it has waited as long as it may */
    Hold(Asker client, Guest guest, Runnable tooLong) {
        this.client = client;
        this.guest = guest;
        this.tooLong = tooLong;
        this.since = client.time().nanos();
    }

    /** Waits in another room, too: the time in rooms before counts. */
    void in(Choice.Wait wait) {
        room = wait.room();
        long left = wait.atMost().toNanos() - (client.time().nanos() - since);
        clock = client.pool().after(Duration.ofNanos(Math.max(0, left)), this::expire);
    }

    boolean waits() {
        return room != null;
    }

    /** It does not wait any more; its place is free. */
    void end() {
        WaitingRoom left = room;
        Future<?> stopped = clock;
        room = null;
        clock = null;
        if (left != null) {
            left.leave(guest);
        }
        if (stopped != null) {
            stopped.cancel(false);
        }
    }

    Duration lasted() {
        return Duration.ofNanos(client.time().nanos() - since);
    }

    private void expire() {
        WaitingRoom waitedIn = room;
        // without a place any more it was let in at this moment, and is about to hear so
        if (waitedIn != null && waitedIn.leave(guest)) {
            room = null;
            clock = null;
            tooLong.run();
        }
    }
}
