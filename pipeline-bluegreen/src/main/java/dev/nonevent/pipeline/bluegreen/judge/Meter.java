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
    private Tally releaseSeen;
    private Tally stableSeen;
    private Optional<String> gap = Optional.empty();

    /**
     * @param release the deployment being judged; all of its counts are
     * @param stable the deployment it replaces, if there is one; its counts go as far back as they are known
     */
    public Meter(String release, Optional<String> stable) {
        this(release, stable, List.of());
    }

    private Meter(String release, Optional<String> stable, List<Counts> zero) {
        this.release = release;
        this.stable = stable;
        this.releaseSeen = Tally.from(find(zero, release));
        this.stableSeen = stable.map(name -> Tally.from(find(zero, name))).orElse(Tally.from(Served.nothing()));
    }

    /** The same for what is counted from now on, on both sides: for users who are split between them. */
    public Meter since(List<Counts> now) {
        return new Meter(release, stable, now);
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
     * @param zero what is not looked at of what was counted since then
     * @param now what was counted since then
     */
    private record Tally(Served before, Served zero, Served now, boolean startedAgain) {

        static Tally from(Served zero) {
            return new Tally(Served.nothing(), zero, zero, false);
        }

        Tally then(Served next) {
            boolean lower = next.requests() < now.requests()
                    || next.failed() < now.failed()
                    || next.latencies().total() < now.latencies().total();
            return lower
                    ? new Tally(total(), Served.nothing(), next, true)
                    : new Tally(before, zero, next, startedAgain);
        }

        Served total() {
            return new Served(
                    before.requests() + now.requests() - zero.requests(),
                    before.failed() + now.failed() - zero.failed(),
                    sum(before.latencies(), now.latencies(), zero.latencies()));
        }

        private static Latencies sum(Latencies one, Latencies other, Latencies less) {
            TreeMap<Long, Long> sum = new TreeMap<>(one.counts());
            other.counts().forEach((bound, count) -> sum.merge(bound, count, Long::sum));
            less.counts().forEach((bound, count) -> sum.merge(bound, -count, Long::sum));
            sum.values().removeIf(count -> count == 0);
            return new Latencies(sum);
        }
    }
}
