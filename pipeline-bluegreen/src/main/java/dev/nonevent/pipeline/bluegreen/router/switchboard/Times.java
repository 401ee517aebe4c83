package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How long answers took, to two digits, between a microsecond and an hour; what took longer counts as an hour.
 *
 * <p>Recording waits for nobody, whichever thread does it. The memory is fixed: about 25 KiB.
 */
final class Times {

    static final long SHORTEST = 1;
    static final long LONGEST = TimeUnit.HOURS.toMicros(1);

    private static final int DIGITS = 2;
    private static final int DIGITS_TOLD = 1;
    private static final long NANOS_OF_A_MICRO = 1_000;

    private final AtomicHistogram micros = new AtomicHistogram(SHORTEST, LONGEST, DIGITS);
    private final LongAdder sum = new LongAdder();

    void record(long nanos) {
        long rounded = (nanos + NANOS_OF_A_MICRO - 1) / NANOS_OF_A_MICRO;
        micros.recordValue(Math.min(LONGEST, Math.max(SHORTEST, rounded)));
        sum.add(Math.max(0, nanos));
    }

    /** All of them together, in nanoseconds. */
    long sum() {
        return sum.sum();
    }

    /**
     * How many took longer than the bound before and at most this one, and last how many took longer than all.
     *
     * @param bounds in microseconds, ascending; what is within a hundredth of one may be counted on either side
     */
    List<Long> between(List<Long> bounds) {
        long[] counts = new long[bounds.size() + 1];
        int place = 0;
        for (HistogramIterationValue bucket : micros.copy().recordedValues()) {
            while (place < bounds.size()
                    && micros.lowestEquivalentValue(bucket.getValueIteratedTo()) > bounds.get(place)) {
                place++;
            }
            counts[place] += bucket.getCountAddedInThisIterationStep();
        }
        return Arrays.stream(counts).boxed().toList();
    }

    /** Sixteen buckets for each doubling: a bound is at most 6.25 % above what was measured, and there are at most 460. */
    Latencies latencies() {
        AbstractHistogram coarse = new Histogram(SHORTEST, LONGEST, DIGITS_TOLD);
        coarse.add(micros.copy());
        NavigableMap<Long, Long> counts = new TreeMap<>();
        for (HistogramIterationValue bucket : coarse.recordedValues()) {
            counts.put(bucket.getValueIteratedTo(), bucket.getCountAddedInThisIterationStep());
        }
        return new Latencies(counts);
    }
}
