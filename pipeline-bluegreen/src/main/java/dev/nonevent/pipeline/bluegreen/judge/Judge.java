package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides during the bake whether a new release is good enough. Without state: the same sample gets the same judgement.
 *
 * <pre>{@code
 * Judge.errorRate().atMost(0.01)
 *     .and(Judge.errorRate().notWorseThanStable())
 *     .and(Judge.latency(P99).notWorseThanStable(1.5))
 * }</pre>
 */
public interface Judge {

    /** For the plan: {@code error rate at most 1.0 %}. */
    String description();

    /** Everything wrong with the declaration itself, as sentences. */
    List<String> problems();

    /**
     * Asked again and again while the bake goes on, with a growing sample: {@link Judgement.Fail} ends it at once,
     * anything else lets it go on. An implementation has to stand being asked often: chance alone must not make it fail.
     */
    Judgement soFar(Sample sample);

    /** Asked once, when the bake is over. */
    Judgement atTheEnd(Sample sample);

    /** What has to be asked during the bake, beside the counts of the traffic; found in {@link Sample#readings}. */
    default List<MetricSource> sources() {
        return List.of();
    }

    /** What whoever carries the traffic has to be able to do, or there is nothing to judge by; nothing, unless it says so. */
    default Set<Capability> needs() {
        return Set.of();
    }

    /** How many requests a release has to get before it can pass; 0, unless it says so. */
    default long least() {
        return 0;
    }

    /**
     * For the plan: how many requests a release has got when {@link #soFar} fails it, if it fails this share of them evenly
     * and the stable release fails none of many; empty if it is not failed before the end, or nobody can say.
     *
     * @param errorRate above 0, at most 1
     */
    default Optional<Long> noticedAfter(double errorRate) {
        return Optional.empty();
    }

    /** Both together: what one of them fails is failed, and only what both pass is passed. */
    default Judge and(Judge other) {
        return new AllOf(List.of(this, other));
    }

    static ErrorRate errorRate() {
        return new ErrorRate();
    }

    static Latency latency(Quantile quantile) {
        return new Latency(quantile);
    }

    static Metric metric(MetricSource source) {
        return new Metric(source);
    }

    /**
     * A judge of your own, asked once, when the bake is over; implement {@link Judge} to be asked during it.
     *
     * @param description for the plan: {@code no more errors than on Mondays}
     * @param rule if it throws, the release is neither passed nor failed
     */
    static Judge judgedBy(String description, Function<? super Sample, ? extends Judgement> rule) {
        return new Rule(description, rule);
    }
}
