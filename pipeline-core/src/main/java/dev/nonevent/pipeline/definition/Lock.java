package dev.nonevent.pipeline.definition;

/**
 * Something that one stage at a time may have, among all runs under one home, in whichever process: a test database, a place to
 * deploy to. Named by {@link Scope#lock}; two locks of one name are one lock.
 */
public final class Lock {

    private final String name;
    private final Policy policy;

    /** What a stage does that finds the lock taken by another run. Stages of one run always wait for each other. */
    public enum Policy {
        /** Waits until those before it are through, in the order they came. */
        QUEUE,

        /**
         * Has the older runs that hold it or wait for it cancelled, and takes their place. A run that is deploying is never
         * cancelled: it is waited for.
         */
        CANCEL_OLDER,

        /** Is blocked at once. */
        FAIL
    }

    Lock(String name, Policy policy) {
        this.name = name;
        this.policy = policy;
    }

    public String name() {
        return name;
    }

    public Policy policy() {
        return policy;
    }

    @Override
    public String toString() {
        return "lock " + NameRule.shown(name);
    }
}
