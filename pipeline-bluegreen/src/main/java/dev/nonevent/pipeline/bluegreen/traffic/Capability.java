package dev.nonevent.pipeline.bluegreen.traffic;

/** What not every {@link TrafficSwitcher} can do: asked for, never assumed. */
public enum Capability {

    /** {@link Traffic#counts} are exact. */
    COUNTS,

    /** {@link Counts#latencies} are filled. */
    LATENCIES,

    /** A {@link Canary} with a percentage. */
    WEIGHTS,

    /** A {@link Canary} whose users keep their side by a cookie. */
    STICKY,

    /** A {@link Canary} for requests with a header. */
    HEADERS,

    /** {@link Admission.Held}. */
    HOLD,

    /** {@link Admission.Stopped}. */
    STOP,

    /**
     * A safe request (GET, HEAD, OPTIONS) without body that fails by connection error, 500, 502, 503 or 504 before its
     * answer began is answered by {@link Routing#standby} instead, and counted as a failure of the one that failed. The user
     * gets the standby's answer whatever it is, and 502 or 504 if it gives none.
     */
    REPLAY,

    /** {@link Routing#preview}, at {@link Traffic#preview}. */
    PREVIEW,

    /**
     * A target of {@link dev.nonevent.pipeline.bluegreen.slot.Target#addresses several addresses}: its requests are spread over
     * them, and none fails because one of them takes no connection.
     */
    REPLICAS
}
