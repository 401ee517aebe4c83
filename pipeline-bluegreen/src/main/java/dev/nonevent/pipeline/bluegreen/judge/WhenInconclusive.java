package dev.nonevent.pipeline.bluegreen.judge;

/** What happens to a release that answers its health check, but got too few requests to be judged. */
public enum WhenInconclusive {
    /** It stays: its health checks decide. */
    PROCEED,
    /** It goes: no data is never a pass. */
    ROLL_BACK
}
