package dev.nonevent.pipeline.definition;

import java.time.Duration;

/**
 * A person who has to say yes before a stage starts.
 *
 * @param by who is asked, for people: a name or a group
 * @param within how long an answer is waited for; without one the stage is blocked
 */
public record Approval(String by, Duration within) {

    /** How long an answer is waited for if nothing is said about it. */
    public static final Duration USUALLY_WITHIN = Duration.ofDays(7);
}
