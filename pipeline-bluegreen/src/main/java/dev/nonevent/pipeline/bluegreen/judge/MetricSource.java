package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;
import java.util.concurrent.Callable;

/** Where a number comes from that the counts of the traffic do not have. What is declared is data; {@link #read} asks. */
public interface MetricSource {

    /** For the plan, without secrets: {@code prometheus rate(errors[1m])}. */
    String description();

    /** Everything wrong with the declaration itself, as sentences; without any I/O. */
    default List<String> problems() {
        return List.of();
    }

    /**
     * Asks once, on a thread of its own, with time for 10 seconds; then it is interrupted. Whatever goes wrong is
     * {@link Reading.Unknown}; so is what it throws.
     */
    Reading read(Subject subject) throws InterruptedException;

    /** A source of your own: {@code MetricSource.of("queued orders", () -> orders.queued())}. */
    static MetricSource of(String description, Callable<? extends Number> number) {
        return new MetricSource() {
            @Override
            public String description() {
                return description;
            }

            @Override
            public Reading read(Subject subject) throws InterruptedException {
                try {
                    return Reading.of(number.call().doubleValue());
                } catch (InterruptedException e) {
                    throw e;
                } catch (Exception e) {
                    return new Reading.Unknown("broke: " + e);
                }
            }
        };
    }
}
