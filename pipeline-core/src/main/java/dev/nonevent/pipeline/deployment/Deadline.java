package dev.nonevent.pipeline.deployment;

/**
 * The time a deployment has been given from outside, such as the timeout of its stage. It stands still while a person is
 * waited for.
 *
 * <p>Safe for use by several threads. Saying the same twice changes nothing, and neither does saying it when time is up.
 */
public interface Deadline {

    /** For a deployment that has been given no time. */
    Deadline NONE = new Deadline() {
        @Override
        public void standStill() {}

        @Override
        public void goOn() {}
    };

    /** From here on a person is waited for. */
    void standStill();

    /** Nobody is waited for any more; what was left of the time is left again. */
    void goOn();
}
