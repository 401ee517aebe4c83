package dev.nonevent.pipeline.deployment;

import java.util.Locale;

/** What a person may say to a deployment. */
public enum Order {

    /** The one under way stays as it is, watched, until somebody says how it goes on. */
    PAUSE,

    /** The one that was paused goes on; of one that is not, the step ends in which a part of the users has it. */
    PROMOTE,

    /** The one under way becomes stable without the rest of its proof. */
    PROMOTE_FULLY,

    /** The one under way is undone. */
    ABORT,

    /** The last one is tried once more, if it did not become stable. */
    RETRY;

    /** As it is said: {@code promote fully}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
