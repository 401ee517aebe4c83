package dev.nonevent.pipeline.bluegreen.router.switchboard;

import java.util.Locale;

/** Why a router answers a request itself, and does not ask the instance, or no longer. */
public enum Refused {
    /** Two readers could read it in two ways. */
    MALFORMED,
    /** A tunnel, another version of HTTP. */
    NOT_OFFERED,
    HEAD_TOO_LARGE,
    HEAD_TOO_SLOW,
    BODY_TOO_LARGE,
    /** As much is under way as the heap can take. */
    OVERLOADED,
    /** No release takes it. */
    NOWHERE,
    /** Users are not let in. */
    STOPPED,
    /** As many wait as may. */
    TOO_MANY_HELD,
    HELD_TOO_LONG;

    /** For people and for metrics: it never changes. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
