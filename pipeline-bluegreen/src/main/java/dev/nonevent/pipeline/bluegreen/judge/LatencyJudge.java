package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fails a release if more of its answers take longer than allowed than the quantile leaves room for (at {@link Quantile#P99},
 * more than one in a hundred), as soon as chance cannot explain it.
 *
 * <p>The tests and what they promise are those of {@link ErrorRateJudge}, with answers that took too long instead of failed
 * requests. An answer is slow if
 * its bucket, which may be a sixteenth wide, says so for sure. Answers are taken to be slow independently of each other.
 */
public final class LatencyJudge implements Judge {

    private final Quantile quantile;
    private final Duration allowed;
    private final Least least;

    LatencyJudge(Quantile quantile, Duration allowed, Least least) {
        this.quantile = quantile;
        this.allowed = allowed;
        this.least = least;
    }

    /** @param answers below this many in the whole bake it is inconclusive; as many as leave 10 beyond, if not said */
    public LatencyJudge withAtLeast(long answers) {
        return new LatencyJudge(quantile, allowed, new Least(answers));
    }

    @Override
    public String description() {
        return quantile + " at most " + Times.text(allowed);
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(quantile.problems());
        problems.addAll(least.problems());
        if (allowed.isNegative() || allowed.isZero()) {
            problems.add("the allowed " + quantile + " is " + allowed + "; say a time above zero");
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
        return Errors.isAboveSoFar(quantile.beyond(), slow(sample))
                ? new Judgement.Fail(measured(sample))
                : Judgement.Inconclusive.NOT_YET;
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        if (Errors.isAboveAtTheEnd(quantile.beyond(), slow(sample))) {
            return new Judgement.Fail(measured(sample));
        }
        Optional<String> lack = least.lackedBy(slow(sample).of(), sample);
        return lack.<Judgement>map(why -> new Judgement.Inconclusive(why + "; " + measured(sample)))
                .orElseGet(() -> new Judgement.Pass(measured(sample)));
    }

    private Share slow(Sample sample) {
        return sample.release().surelySlowerThan(Times.microseconds(allowed));
    }

    private String measured(Sample sample) {
        return Times.text(quantile, sample.release())
                .map(time -> quantile + " is " + time + ", " + slow(sample) + " answers took longer than the allowed "
                        + Times.text(allowed))
                .orElse("no answer was timed");
    }
}
