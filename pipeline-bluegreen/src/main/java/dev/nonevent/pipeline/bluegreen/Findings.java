package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.protocol.State;
import dev.nonevent.pipeline.bluegreen.traffic.Drained;
import dev.nonevent.pipeline.deployment.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a holder has found out on its way, for the facts it writes and the sentences it says. Nothing is decided by it: what
 * follows is the table's business. For one thread.
 */
final class Findings {

    /** What is to be begun. */
    Optional<LedgerEntry.Begun> begun = Optional.empty();
    /** Why it does not go on as it began. */
    String reason = "";
    /** Who wants it to wait, or to go on. */
    String who = "";
    /** By what it becomes stable although it is watched no more: a person has said so. */
    Optional<String> promotion = Optional.empty();
    /** Why it goes on. */
    String evidence = "";
    /** The last lines of a release that was not good enough. */
    List<String> details = List.of();
    /** The instance that is to be stopped, or was started last. */
    Optional<Instance> instance = Optional.empty();
    /** Why it is to be stopped. */
    String stopped = "";
    /** How many were. */
    int ended;
    /** Why nothing is touched. */
    String held = "";
    /** What people are to know of a recovery. */
    final List<String> told = new ArrayList<>();
    /** The part of the users that a canary has, or is to get next. */
    int percent;
    /** A change of this very process has given it to them. */
    boolean shiftedHere;
    /** A switch of this very process has brought users to it. */
    boolean switchedHere;
    /** Users were given the release, and it was found not to be good enough. */
    boolean unproven;

    Duration untilHealthy = Duration.ZERO;
    Duration switching = Duration.ZERO;
    Duration baked = Duration.ZERO;
    Drained drained = Drained.nothing();
    /** From the first failed request to the decision to go back. */
    Optional<Duration> detectedIn = Optional.empty();
    /** When it was decided to go back, in nanoseconds. */
    long decidedAt;
    /** From the decision to go back to the traffic back. */
    Optional<Duration> restoredIn = Optional.empty();
    /** Whether users had to be moved for it. */
    boolean moved;

    void tell(Site site, String sentence) {
        told.add(sentence);
        site.say(sentence);
    }

    /** Where the way ended, as the end of a sentence. */
    String end(Site site) {
        Standing standing = site.standing();
        if (standing.state() == State.NEEDS_HUMAN) {
            return Sentences.needsHuman(standing, site.route(), site.running());
        } else if (restoredIn.isPresent() && standing.stable().isPresent()) {
            return "traffic back on " + standing.stable().get().place() + " " + Sentences.duration(restoredIn.get())
                    + " later";
        }
        return Sentences.traffic(standing, site.route());
    }

    /** Why no release can be given the traffic. */
    String nobodyFit(Site site) {
        Optional<String> bar = site.standing().barsStable();
        if (bar.isPresent()) {
            return reason + "; there is no way back to "
                    + site.standing().stable().orElseThrow().place() + ": " + bar.get() + " cannot be undone";
        }
        return reason + "; "
                + site.standing()
                        .stable()
                        .map(old -> old.place() + ", the last stable release, does not answer either")
                        .orElse("there is no stable release to go back to");
    }

    Measured measured() {
        return new Measured(untilHealthy, switching, baked, drained.finished(), drained.cut());
    }
}
