package dev.nonevent.pipeline.bluegreen.router.switchboard;

import dev.nonevent.pipeline.bluegreen.traffic.Latencies;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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

    void record(long nanos) {
        long rounded = (nanos + NANOS_OF_A_MICRO - 1) / NANOS_OF_A_MICRO;
        micros.recordValue(Math.min(LONGEST, Math.max(SHORTEST, rounded)));
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
