package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.time.Duration;
import java.util.Optional;

/** What becomes of a request. */
public sealed interface Choice {

    /** Why nobody serves it; empty if somebody does, or may later. */
    default Optional<Refused> refused() {
        return Optional.empty();
    }

    /**
     * It goes to this side, and is counted in.
     *
     * @param cookie the value of a {@code Set-Cookie} for the answer of that side
     */
    record Go(Side side, Optional<String> cookie) implements Choice {

        static Go to(Side side) {
            return new Go(side, Optional.empty());
        }
    }

    /**
     * It has a place in this room until it is told to claim again, or leaves the room.
     *
     * @param atMost from the first time it was told to wait
     */
    record Wait(WaitingRoom room, Duration atMost) implements Choice {}

    /** Nobody serves it, for this reason. */
    record Nowhere(String sentence) implements Choice {

        @Override
        public Optional<Refused> refused() {
            return Optional.of(Refused.NOWHERE);
        }
    }

    /** As many wait as may. */
    record Full(Duration atMost) implements Choice {

        @Override
        public Optional<Refused> refused() {
            return Optional.of(Refused.TOO_MANY_HELD);
        }
    }

    /** Users are not let in; they are to read this message. */
    record Stopped(String message) implements Choice {

        @Override
        public Optional<Refused> refused() {
            return Optional.of(Refused.STOPPED);
        }
    }
}
