package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Admission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where requests wait while users are held: a number of places, and no thread. Opened once, for ever. Safe for use by
 * several threads; no guest is called while it is locked.
 */
public final class WaitingRoom {

    private final Admission.Held held;

    // under the lock of this
    private final Set<Guest> guests = new LinkedHashSet<>();
    private boolean opened;

    WaitingRoom(Admission.Held held) {
        this.held = held;
    }

    /** How it went with who wanted to wait. */
    enum Place {
        TAKEN,
        FULL,
        /** The route was changed, and must be read again. */
        OPENED
    }

    Admission.Held held() {
        return held;
    }

    synchronized Place enter(Guest guest) {
        if (opened) {
            return Place.OPENED;
        }
        if (guests.size() >= held.requests()) {
            return Place.FULL;
        }
        guests.add(guest);
        return Place.TAKEN;
    }

    /** Gives the place up; false if the guest has none any more, since the room was opened: then it is told so. */
    public synchronized boolean leave(Guest guest) {
        return guests.remove(guest);
    }

    synchronized int size() {
        return guests.size();
    }

    /** Everybody claims again, in the order they came. */
    void open() {
        allOut().forEach(Guest::claimAgain);
    }

    private synchronized List<Guest> allOut() {
        opened = true;
        List<Guest> out = List.copyOf(guests);
        guests.clear();
        return out;
    }
}
