package dev.nonevent.pipeline.bluegreen.hook;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.deployment.Release;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What a {@link Hook} is told; each moment has its own. */
public sealed interface HookFacts {

    /** Unique for ever, such as {@code shop-17}; the same if it runs once more. */
    String deployment();

    /** That is deployed. */
    Release release();

    /** The place of that release. */
    Colour colour();

    /** The release that users have or had and that they can be brought back to; empty before the first one is proven. */
    Optional<Release> stable();

    default String application() {
        return release().application();
    }

    /** It is decided that the release is deployed, and nothing of it runs. */
    record BeforeStart(String deployment, Release release, Colour colour, Optional<Release> stable)
            implements HookFacts {}

    /**
     * It has passed every check, and no user has it.
     *
     * @param address where it answers, private to the machine
     * @param percent of the users who get it next: all, or the first part of a canary
     */
    record BeforeSwitch(
            String deployment, Release release, Colour colour, Optional<Release> stable, URI address, int percent)
            implements HookFacts {}

    /**
     * All users have it, and it is not yet stable.
     *
     * @param address where it answers, private to the machine
     */
    record AfterSwitch(String deployment, Release release, Colour colour, Optional<Release> stable, URI address)
            implements HookFacts {}

    /**
     * Users had it, or a part of them, and are back on the stable release.
     *
     * @param address where it answers while it still runs
     * @param detectedIn from the first failed request to the decision, if requests failed
     */
    record Rollback(
            String deployment,
            Release release,
            Colour colour,
            Optional<Release> stable,
            Optional<URI> address,
            String reason,
            Optional<Duration> detectedIn)
            implements HookFacts {}

    /**
     * It did not become stable.
     *
     * @param end what became of it
     * @param detectedIn from the first failed request to the decision, if requests failed
     */
    record Failure(
            String deployment,
            Release release,
            Colour colour,
            Optional<Release> stable,
            End end,
            String reason,
            Optional<Duration> detectedIn)
            implements HookFacts {}

    /** How a deployment ends that did not become stable. */
    enum End {
        /** No user ever had it. */
        REFUSED,
        /** Users had it, and are back on the stable release. */
        ROLLED_BACK,
        /** Neither side is fit for the traffic: nothing was removed, and a person has to look. */
        NEEDS_HUMAN
    }
}
