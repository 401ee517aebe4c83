package dev.nonevent.pipeline.bluegreen.worker;

/** Whether an instance is to take work. One that was told nothing yet is {@link #STANDBY}. */
public enum WorkerState {
    /** It takes nothing: it is new, or kept warm. */
    STANDBY,
    /** It takes work, and nobody else does. */
    ACTIVE,
    /** It takes nothing new, and ends what it has begun. */
    DRAINING,
    /** It is stopped in a moment. */
    STOPPED
}
