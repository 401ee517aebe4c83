package dev.nonevent.pipeline.bluegreen.judge;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Fails a release whose requests fail more often than allowed, as soon as chance cannot explain it.
 *
 * <p>A release that is within what is allowed is failed in at most 6 of 1,000 deployments, however often it is asked: at
 * most 1 while the bake goes on ({@link Evidence}), at most 5 at its end ({@link BinomialTail}). Requests are taken to
 * fail independently of each other.
 */
public final class ErrorRateJudge implements Judge {

    /** Chance of failing a good release while the bake goes on, over all looks together. */
    private static final double FALSE_ALARM_DURING = 0.001;

    /** The same for the one look at the end. */
    private static final double FALSE_ALARM_AT_THE_END = 0.005;

    /** Failures come in bursts in a way no model of independent requests knows: a stumble of a few ends nothing early. */
    private static final long A_STUMBLE = 4;

    private final double allowed;
    private final long least;

    ErrorRateJudge(double allowed, long least) {
        this.allowed = allowed;
        this.least = least;
    }

    /** @param requests below this many in the whole bake it is inconclusive; 100 if not said */
    public ErrorRateJudge withAtLeast(long requests) {
        return new ErrorRateJudge(allowed, requests);
    }

    @Override
    public String description() {
        return "error rate at most " + percent(allowed);
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!(allowed >= 0 && allowed < 1)) {
            problems.add(
                    "the allowed error rate is " + allowed + "; say a share from 0 to below 1, such as 0.01 for 1 %");
        }
        if (least < 1) {
            problems.add("the judge's least number of requests is " + least + "; say 1 or more");
        }
        return problems;
    }

    @Override
    public Judgement soFar(Sample sample) {
        boolean stumble = allowed > 0 && sample.failed() <= A_STUMBLE;
        if (!stumble && Evidence.against(allowed, sample) >= 1 / FALSE_ALARM_DURING) {
            return new Judgement.Fail(measured(sample));
        }
        return new Judgement.Inconclusive(measured(sample));
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        if (soFar(sample) instanceof Judgement.Fail fail) {
            return fail;
        } else if (sample.failed() > 0 && BinomialTail.atLeast(sample, allowed) < FALSE_ALARM_AT_THE_END) {
            return new Judgement.Fail(measured(sample));
        } else if (sample.requests() < least) {
            return new Judgement.Inconclusive("only " + sample.requests() + " requests came in, " + least
                    + " are needed to judge; " + measured(sample));
        }
        return new Judgement.Pass(measured(sample));
    }

    private String measured(Sample sample) {
        if (sample.requests() == 0) {
            return "no request came in";
        }
        return String.format(
                Locale.ROOT,
                "%s of %,d requests failed, allowed %s",
                percent(sample.rate()),
                sample.requests(),
                percent(allowed));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, share > 0 && share < 0.0005 ? "%.3f %%" : "%.1f %%", share * 100);
    }
}
