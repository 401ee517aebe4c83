package dev.nonevent.pipeline.bluegreen.judge;

import java.math.BigDecimal;
import java.util.List;

/**
 * The time that this part of all answers keeps: the 99th percentile is the time that 99 of 100 keep.
 *
 * @param part above 0 and below 1
 */
public record Quantile(double part) {

    /** Half of all answers keep it. */
    public static final Quantile P50 = new Quantile(0.5);

    public static final Quantile P90 = new Quantile(0.9);
    public static final Quantile P95 = new Quantile(0.95);
    public static final Quantile P99 = new Quantile(0.99);
    public static final Quantile P999 = new Quantile(0.999);

    /** The part that may take longer. */
    double beyond() {
        return 1 - part;
    }

    /** So many that ten are expected to take longer, and 100 at least. */
    Least enough() {
        return new Least(Math.max(100, Math.round(10 / beyond())));
    }

    List<String> problems() {
        return part > 0 && part < 1
                ? List.of()
                : List.of("a quantile is above 0 and below 1, such as 0.99, and not " + part);
    }

    /** {@code p99}. */
    @Override
    public String toString() {
        return Double.isFinite(part)
                ? "p"
                        + BigDecimal.valueOf(part)
                                .movePointRight(2)
                                .stripTrailingZeros()
                                .toPlainString()
                : "p?";
    }
}
