package dev.nonevent.pipeline.bluegreen;

import dev.nonevent.pipeline.bluegreen.ledger.LedgerEntry;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.deployment.Instance;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How what stands where is told to people. */
final class Sentences {

    /** Addresses of an instance that nobody wants to read all. */
    private static final int NAMED = 4;

    private Sentences() {}

    /** {@code traffic is on blue (abc1234)}, and {@code , 5 % of it on green (def5678)} if it is split. */
    static String traffic(Standing standing, Route route) {
        return "traffic is on "
                + route.active().map(target -> place(standing, target)).orElse("nothing yet")
                + route.routing()
                        .canary()
                        .map(part -> ", " + part.percent() + " % of it on " + place(standing, part.target()))
                        .orElse("");
    }

    static String place(Standing standing, Target target) {
        return standing.owner(target)
                .map(Operation::place)
                .orElse(target.colour() + " (" + target.deployment() + ", which the ledger does not know)");
    }

    /** What a person has to do when no release is fit for the traffic; the ledger's last fact says why. */
    static String needsHuman(Standing standing, Route route, List<Instance> running) {
        return needsHuman(standing, ", " + traffic(standing, route), running);
    }

    /** The same, where it is said anyway where traffic is. */
    static String needsHuman(Standing standing, List<Instance> running) {
        return needsHuman(standing, "", running);
    }

    private static String needsHuman(Standing standing, String where, List<Instance> running) {
        String why = standing.last()
                .map(Operation::last)
                .filter(LedgerEntry.NeedsHuman.class::isInstance)
                .map(fact -> ((LedgerEntry.NeedsHuman) fact).why())
                .orElse("no release is fit for the traffic");
        String runs = running.stream().map(Instance::deployment).collect(Collectors.joining(", "));
        return "a person has to look: " + why + ". Nothing was removed" + where + ", and "
                + (runs.isEmpty() ? "nothing runs" : "what runs is " + runs)
                + ". Look at what they print and at what they need; then deploy a release that works";
    }

    /** What a person has to do when nothing was touched. */
    static String held(String why) {
        return why
                + ". Nothing was touched, and what ran still runs. Recover it: that starts the router again if it has ended, and"
                + " once it answers and points to a release the ledger knows, recover goes on. If it says the same again:"
                + " look at the status, at the router and at the disk. If it never will go on: restore the ledger that knows"
                + " where traffic is, or take the application down";
    }

    /** Nothing if nobody knows, or if no other release has answered for it: then the reason has said it. */
    static String whatUsersSaw(Site site, Operation operation) {
        try {
            return operation
                    .instance()
                    .flatMap(instance -> site.counts(instance.deployment()))
                    .flatMap(Sentences::replayed)
                    .map(sentence -> "; " + sentence)
                    .orElse("");
        } catch (TrafficUnknownException e) {
            site.say("how many of the failed requests users saw is not known: " + e.getMessage());
            return "";
        }
    }

    /** {@code users saw no failed request: the release before it answered 8}; empty if it answered none. */
    static Optional<String> replayed(Counts counts) {
        long seen = counts.failed() - counts.replayed();
        String saw = seen == 0 ? "no failed request" : seen == 1 ? "1 failed request" : seen + " failed requests";
        return counts.replayed() == 0
                ? Optional.empty()
                : Optional.of("users saw " + saw + ": the release before it answered " + counts.replayed());
    }

    /** {@code http://127.0.0.1:20000}; {@code …, … and 2 more} of many. */
    static String places(List<URI> addresses) {
        String named = addresses.stream().limit(NAMED).map(URI::toString).collect(Collectors.joining(", "));
        return named + (addresses.size() > NAMED ? " and " + (addresses.size() - NAMED) + " more" : "");
    }

    /** {@code 190 ms}, {@code 12.5 s}, {@code 10 min}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        } else if (millis < 120_000) {
            return millis % 1_000 == 0 ? millis / 1_000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        return duration.toMinutes() + " min";
    }
}
