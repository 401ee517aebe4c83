package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Fails a release that is slower at a quantile than so many times the release before it, as soon as chance cannot explain it.
 *
 * <p>Only ranks count, so no shape of the latencies is assumed, and one answer of an hour weighs no more than any other slow
 * one. While the bake goes on: an upper confidence sequence for the stable quantile, multiplied, and a lower one for the
 * share of answers above it; at most 2 of 1,000 releases that keep the limit are failed, however often it is asked. At the
 * end: the precedence test (Epstein, "Tables for the distribution of the number of exceedances", Annals of Mathematical
 * Statistics 25, 1954; Nelson, "Tables for a precedence life test", Technometrics 5, 1963), which is exact: how many answers
 * rank above the multiplied stable quantile, against how many may by chance; at most 4 of 1,000 releases whose answers are
 * nowhere slower than the multiplied stable ones are failed. An answer is slower if its bucket, which may be a sixteenth wide,
 * says so for sure.
 */
public final class LatencyAgainstStable implements Judge {

    private final Quantile quantile;
    private final double times;
    private final Least least;

    LatencyAgainstStable(Quantile quantile, double times, Least least) {
        this.quantile = quantile;
        this.times = times;
        this.least = least;
    }

    /** @param answers below this many on either side it is inconclusive; as many as leave 10 beyond, if not said */
    public LatencyAgainstStable withAtLeast(long answers) {
        return new LatencyAgainstStable(quantile, times, new Least(answers));
    }

    @Override
    public String description() {
        return quantile + " at most " + times + " times the stable one";
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(quantile.problems());
        problems.addAll(least.problems());
        if (!(times >= 1 && times <= 1_000)) {
            problems.add(quantile + " of " + times + " times the stable one is no limit; say 1 to 1,000 times");
        }
        return problems;
    }

    @Override
    public Set<Capability> needs() {
        return Set.of(Capability.LATENCIES);
    }

    @Override
    public long least() {
        return least.requests();
    }

    @Override
    public Judgement soFar(Sample sample) {
        OptionalDouble stable = atMostOf(sample.stable());
        boolean slower = stable.isPresent()
                && Errors.isAboveSoFar(
                        quantile.beyond(), sample.release().surelySlowerThan(stable.getAsDouble() * times));
        return slower ? new Judgement.Fail(measured(sample)) : Judgement.Inconclusive.NOT_YET;
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        if (soFar(sample) instanceof Judgement.Fail || ranksAbove(sample)) {
            return new Judgement.Fail(measured(sample));
        }
        Optional<String> lack = least.lackedBy(
                sample.release().latencies().total(),
                sample.stable().latencies().total(),
                sample);
        return lack.<Judgement>map(why -> new Judgement.Inconclusive(why + "; " + measured(sample)))
                .orElseGet(() -> new Judgement.Pass(measured(sample)));
    }

    /** The shortest time that the stable quantile is known not to be above. */
    private OptionalDouble atMostOf(Served stable) {
        long total = stable.latencies().total();
        long longer = total;
        for (Map.Entry<Long, Long> bucket : stable.latencies().counts().entrySet()) {
            longer -= bucket.getValue();
            if (Confidence.isAtMost(quantile.beyond(), new Share(longer, total), Errors.STABLE_BOUND)) {
                return OptionalDouble.of(bucket.getKey());
            }
        }
        return OptionalDouble.empty();
    }

    private boolean ranksAbove(Sample sample) {
        return sample.stable()
                .latencies()
                .quantile(quantile.part())
                .filter(stable -> {
                    long total = sample.stable().latencies().total();
                    Share above = new Share(total - (long) Math.ceil(quantile.part() * total), total);
                    return Errors.isHigherAtTheEnd(
                            sample.release().surelySlowerThan(Times.microseconds(stable) * times), above, least);
                })
                .isPresent();
    }

    private String measured(Sample sample) {
        Optional<String> release = Times.text(quantile, sample.release());
        Optional<String> stable = Times.text(quantile, sample.stable());
        if (release.isEmpty() || stable.isEmpty()) {
            return "no answer of " + (release.isEmpty() ? "the new" : "the stable") + " release was timed";
        }
        return String.format(
                Locale.ROOT,
                "%s is %s of %,d answers, of the stable release %s of %,d, allowed %s times",
                quantile,
                release.get(),
                sample.release().latencies().total(),
                stable.get(),
                sample.stable().latencies().total(),
                times);
    }
}
