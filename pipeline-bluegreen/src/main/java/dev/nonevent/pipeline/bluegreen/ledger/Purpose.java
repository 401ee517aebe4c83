package dev.nonevent.pipeline.bluegreen.ledger;

/** Why traffic is to move. */
public enum Purpose {
    DEPLOY,
    ROLL_BACK
}
