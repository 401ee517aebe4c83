package dev.nonevent.pipeline.bluegreen.hook;

import java.time.Duration;

/**
 * How long a hook may take, and whether a deployment stops that it fails in: {@code mayFail().within(ofSeconds(10))}.
 *
 * @param limit after which it is interrupted and has failed; 1 minute if not said
 * @param stops whether the deployment is refused, or taken back, if it fails
 */
public record HookTerms(Duration limit, boolean stops) {

    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    /** The deployment is refused if it fails before users have the release, and taken back if it fails after that. */
    public static HookTerms mustSucceed() {
        return new HookTerms(A_MINUTE, true);
    }

    /** That it failed is said and written down, and the deployment goes on. */
    public static HookTerms mayFail() {
        return new HookTerms(A_MINUTE, false);
    }

    public HookTerms within(Duration chosen) {
        return new HookTerms(chosen, stops);
    }
}
