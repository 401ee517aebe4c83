package dev.nonevent.pipeline.bluegreen.ledger;

/** When in a deployment a hook runs. */
public enum Moment {
    BEFORE_START("before the start"),
    BEFORE_SWITCH("before the switch"),
    AFTER_SWITCH("after the switch"),
    ON_ROLLBACK("on the rollback"),
    ON_FAILURE("on the failure");

    private final String words;

    Moment(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
