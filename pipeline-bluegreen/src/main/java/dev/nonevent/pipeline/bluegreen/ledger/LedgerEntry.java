package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.deployment.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One fact about an application's deployments. What ends in {@code -ing} is an intent, written before the effect; its
 * outcome follows. The names of the records and of their components are the file format.
 */
public sealed interface LedgerEntry {

    /** A fact about one deployment. */
    sealed interface OfDeployment extends LedgerEntry {

        /** Unique for ever, such as {@code shop-17}. */
        String deployment();
    }

    /** Somebody holds the application: always the first fact written under a new fence. */
    record Acquired(long pid, Optional<Instant> processStartedAt, String user) implements LedgerEntry {}

    /**
     * @param replaces the deployment that was stable, if one was: the only one traffic may go back to
     * @param warm the instance that is switched to if it runs already; nothing is started then
     * @param irreversible what it changes so that no release before it can serve any more, if it does
     */
    record Begun(
            String deployment,
            Purpose purpose,
            Release release,
            Colour colour,
            Blueprint blueprint,
            Optional<String> replaces,
            Optional<Instance> warm,
            Optional<String> irreversible)
            implements OfDeployment {}

    record Creating(String deployment) implements OfDeployment {}

    record Created(String deployment, Instance instance) implements OfDeployment {}

    /** It passed every check before the switch. */
    record Healthy(String deployment, String evidence) implements OfDeployment {}

    record Refused(String deployment, String reason) implements OfDeployment {}

    /**
     * Users are to be split between it and the stable release.
     *
     * @param percent of them that it is to get
     */
    record Shifting(String deployment, Target to, int percent) implements OfDeployment {}

    /**
     * @param percent of the users that have it
     * @param recovered whether a later process found that they have
     */
    record Shifted(String deployment, int percent, boolean recovered) implements OfDeployment {}

    record Switching(String deployment, Optional<Target> from, Target to) implements OfDeployment {}

    /** @param recovered whether a later process found that the switch had happened */
    record Switched(String deployment, boolean recovered) implements OfDeployment {}

    /** A person wants it to stay as it is. */
    record Paused(String deployment, String who) implements OfDeployment {}

    /** A person wants it to go on. */
    record Resumed(String deployment, String who) implements OfDeployment {}

    /** @param detectedIn from the first failed request to the decision, if requests failed */
    record SwitchingBack(String deployment, Target to, String reason, Optional<Duration> detectedIn)
            implements OfDeployment {}

    /** @param restoredIn from the decision to traffic back; empty if another process decided */
    record SwitchedBack(String deployment, Optional<Duration> restoredIn) implements OfDeployment {}

    record Removing(String deployment, String reason) implements OfDeployment {}

    /** Users are where they were before it began. */
    record RolledBack(String deployment, String reason) implements OfDeployment {}

    /** It is stable from here on. */
    record Committed(String deployment, String evidence) implements OfDeployment {}

    /** @param old the deployment name its instance was started for */
    record Draining(String deployment, String old) implements OfDeployment {}

    record Drained(String deployment, String old, long finished, long cut) implements OfDeployment {}

    /** The predecessor stays warm for a fast way back. */
    record Keeping(String deployment, Instance old, Instant until) implements OfDeployment {}

    record Done(String deployment) implements OfDeployment {}

    /** Neither side is fit for the traffic, nothing was removed, and a person has to look. */
    record NeedsHuman(String deployment, String why) implements OfDeployment {}

    /** A release was not deployed, because a newer commit is stable; nothing was begun. */
    record Superseded(Release release, String by, String why) implements LedgerEntry {}

    /** A release was deployed in a freeze; the sentence says by whom and why. */
    record FreezePassed(Release release, String sentence) implements LedgerEntry {}

    /** @param problem why it has failed, if it has */
    record HookEnded(String deployment, Moment moment, String hook, Optional<String> problem) implements LedgerEntry {}

    /**
     * What the traffic's switcher said when somebody looked, for reports; nothing follows from it.
     *
     * @param shares who had users
     * @param counts of the deployments concerned, as far as it knew them
     * @param drained the deployment that users were taken from on a way back, if one was drained by who looks
     * @param startedAgain whether it was seen to count anew from zero since the same holder had last looked
     */
    record Observed(List<Share> shares, List<Count> counts, Optional<Drain> drained, boolean startedAgain)
            implements LedgerEntry {

        /** @param percent of the users */
        public record Share(Colour colour, String deployment, int percent) {}

        /** @param replayed of the failed ones, answered by another deployment */
        public record Count(Colour colour, String deployment, long requests, long failed, long replayed) {}

        /** @param finished requests that came to their end when it had lost the traffic, the others were cut */
        public record Drain(String deployment, long finished, long cut) {}

        public Observed {
            shares = List.copyOf(shares);
            counts = List.copyOf(counts);
        }
    }

    record Stopping(Instance instance, String why) implements LedgerEntry {}

    record Stopped(Instance instance) implements LedgerEntry {}

    /** Nobody could say where traffic is, so nothing was touched. */
    record Held(String why) implements LedgerEntry {}

    record TakingDown() implements LedgerEntry {}

    /** Nothing of the application runs any more. */
    record TakenDown() implements LedgerEntry {}
}
