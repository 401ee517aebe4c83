package dev.nonevent.pipeline.bluegreen.protocol;

/** Something has happened that must never happen. */
final class ViolationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String invariant;

    /** @param invariant such as {@code I2} */
    ViolationException(String invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    String invariant() {
        return invariant;
    }
}
