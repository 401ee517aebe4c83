package dev.nonevent.pipeline.bluegreen.ledger;

/** How far a deployment had come when a fact about it was written; recovery decides by the last one. */
public enum Phase {
    /** Nothing a user can see has changed. */
    PREPARING,
    /** The switch was intended: traffic is on either side. */
    SWITCHING,
    /** Users have it; it is not yet proven. */
    SERVING,
    /** The way back was intended: traffic is on either side. */
    RETURNING,
    /** Users do not have it; what was started for it goes. */
    UNDOING,
    /** It is stable; only forward from here: its predecessor goes. */
    RETIRING,
    /** Nothing is left to do for it. */
    OVER
}
