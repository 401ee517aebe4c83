package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Optional;

/**
 * What there is to judge by.
 *
 * @param release what the new release answered since it was given traffic
 * @param stable what the release before it answered, as far back as its counts go; nothing if there is none
 * @param gap why counts are missing in between, as a sentence's end; then a failure is still one, and a pass is none
 * @param readings what the judge's sources answered
 */
public record Sample(Served release, Served stable, Optional<String> gap, Readings readings) {

    /** With nothing to compare to and no time taken. */
    public static Sample of(long requests, long failed) {
        return of(new Served(requests, failed, Latencies.none()), Served.nothing());
    }

    /** Without a gap. */
    public static Sample of(Served release, Served stable) {
        return new Sample(release, stable, Optional.empty(), Readings.none());
    }

    /** The same with these readings. */
    public Sample with(Readings found) {
        return new Sample(release, stable, gap, found);
    }
}
