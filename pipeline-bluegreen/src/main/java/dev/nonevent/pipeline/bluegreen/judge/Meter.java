package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Counts;
import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes a sample of counts that are read again and again, and stands their starting again at zero, as those of a router
 * do that was started anew: what was counted before is kept, and the sample says that there is a gap. For one thread.
 */
public final class Meter {

    private final String release;
    private final Optional<String> stable;
    private Tally releaseSeen = Tally.NOTHING;
    private Tally stableSeen = Tally.NOTHING;
    private Optional<String> gap = Optional.empty();

    /**
     * @param release the deployment being judged; all of its counts are
     * @param stable the deployment it replaces, if there is one; its counts go as far back as they are known
     */
    public Meter(String release, Optional<String> stable) {
        this.release = release;
        this.stable = stable;
    }

    /** @param counts as they are now, of any deployments in any order */
    public Sample read(List<Counts> counts) {
        releaseSeen = releaseSeen.then(find(counts, release));
        stableSeen = stable.map(name -> stableSeen.then(find(counts, name))).orElse(stableSeen);
        if (releaseSeen.startedAgain() || stableSeen.startedAgain()) {
            gap = Optional.of("counting started again at zero in between, so some requests are missing");
        }
        return sample();
    }

    /** The same as the last time, for when the counts cannot be read. */
    public Sample sample() {
        return new Sample(releaseSeen.total(), stableSeen.total(), gap, Readings.none());
    }

    private static Served find(List<Counts> counts, String deployment) {
        return counts.stream()
                .filter(count -> count.deployment().equals(deployment))
                .findFirst()
                .map(count -> new Served(count.requests(), count.failed(), count.latencies()))
                .orElse(Served.nothing());
    }

    /**
     * @param before what was counted before it last started again
     * @param now since then
     */
    private record Tally(Served before, Served now, boolean startedAgain) {

        static final Tally NOTHING = new Tally(Served.nothing(), Served.nothing(), false);

        Tally then(Served next) {
            boolean lower = next.requests() < now.requests()
                    || next.failed() < now.failed()
                    || next.latencies().total() < now.latencies().total();
            return lower ? new Tally(total(), next, true) : new Tally(before, next, startedAgain);
        }

        Served total() {
            return before.requests() == 0
                    ? now
                    : new Served(
                            before.requests() + now.requests(),
                            before.failed() + now.failed(),
                            sum(before.latencies(), now.latencies()));
        }

        private static Latencies sum(Latencies one, Latencies other) {
            TreeMap<Long, Long> sum = new TreeMap<>(one.counts());
            other.counts().forEach((bound, count) -> sum.merge(bound, count, Long::sum));
            return new Latencies(sum);
        }
    }
}
