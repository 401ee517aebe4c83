package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fails a release whose requests fail more often than allowed, as soon as chance cannot explain it.
 *
 * <p>A release that is within what is allowed is failed in at most 5 of 1,000 deployments, however often it is asked: at
 * most 1 while the bake goes on (a confidence sequence), at most 4 at its end (the exact binomial tail). Requests are taken
 * to fail independently of each other.
 */
public final class ErrorRateJudge implements Judge {

    private final double allowed;
    private final Least least;

    ErrorRateJudge(double allowed, Least least) {
        this.allowed = allowed;
        this.least = least;
    }

    /** @param requests below this many in the whole bake it is inconclusive; 100 if not said */
    public ErrorRateJudge withAtLeast(long requests) {
        return new ErrorRateJudge(allowed, new Least(requests));
    }

    @Override
    public String description() {
        return "error rate at most " + Share.percent(allowed);
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(least.problems());
        if (!(allowed >= 0 && allowed < 1)) {
            problems.add(
                    "the allowed error rate is " + allowed + "; say a share from 0 to below 1, such as 0.01 for 1 %");
        }
        return problems;
    }

    @Override
    public Set<Capability> needs() {
        return Set.of(Capability.COUNTS);
    }

    @Override
    public long least() {
        return least.requests();
    }

    @Override
    public Optional<Long> noticedAfter(double errorRate) {
        return Errors.noticedAfter(errorRate, this);
    }

    @Override
    public Judgement soFar(Sample sample) {
        return Errors.isAboveSoFar(allowed, sample.release().failures())
                ? new Judgement.Fail(measured(sample))
                : Judgement.Inconclusive.NOT_YET;
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        if (Errors.isAboveAtTheEnd(allowed, sample.release().failures())) {
            return new Judgement.Fail(measured(sample));
        }
        Optional<String> lack = least.lackedBy(sample.release().requests(), sample);
        return lack.<Judgement>map(why -> new Judgement.Inconclusive(why + "; " + measured(sample)))
                .orElseGet(() -> new Judgement.Pass(measured(sample)));
    }

    private String measured(Sample sample) {
        return sample.release().requests() == 0
                ? "no request came in"
                : sample.release().failures() + " requests failed, allowed " + Share.percent(allowed);
    }
}
