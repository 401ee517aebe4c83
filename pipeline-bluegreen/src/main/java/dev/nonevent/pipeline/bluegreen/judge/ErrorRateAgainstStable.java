package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Fails a release whose requests fail more often than those of the release before it, as soon as chance cannot explain it
 * and the difference is more than the margin.
 *
 * <p>While the bake goes on, it fails at most 2 of 1,000 releases whose true rate is within the margin, however often it is
 * asked (universal inference, a test that may be looked at at any time). At the end it fails a release that is above the margin as measured, and higher than the stable
 * one by Fisher's exact test: that happens to at most 4 of 1,000 releases whose true rate is not above the stable one's. Of
 * a release that is a little worse, by less than the margin, nothing is promised at the end if it comes near the margin.
 * Requests are taken to fail independently of each other.
 */
public final class ErrorRateAgainstStable implements Judge {

    private final Margin margin;
    private final Least least;

    ErrorRateAgainstStable(Margin margin, Least least) {
        this.margin = margin;
        this.least = least;
    }

    /** @param requests below this many on either side it is inconclusive; 100 if not said */
    public ErrorRateAgainstStable withAtLeast(long requests) {
        return new ErrorRateAgainstStable(margin, new Least(requests));
    }

    /**
     * A higher rate that is within one of the two is not worse.
     *
     * @param times 1 or more: {@code 1.5} times the stable rate
     * @param more a share from 0 to below 1 above the stable rate: {@code 0.001} is one more failure in a thousand requests
     */
    public ErrorRateAgainstStable withMargin(double times, double more) {
        return new ErrorRateAgainstStable(new Margin(times, more), least);
    }

    @Override
    public String description() {
        return "error rate not worse than the stable one (" + margin + ")";
    }

    @Override
    public List<String> problems() {
        return Stream.concat(margin.problems().stream(), least.problems().stream())
                .toList();
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
        Share release = sample.release().failures();
        Share stable = sample.stable().failures();
        boolean worse = release.count() > Errors.A_STUMBLE
                && Confidence.isAbove(margin, stable, release, Errors.STABLE_BOUND + Errors.DURING);
        return worse ? new Judgement.Fail(measured(sample)) : Judgement.Inconclusive.NOT_YET;
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        Share release = sample.release().failures();
        Share stable = sample.stable().failures();
        boolean worse = release.rate() > margin.over(stable.rate()) && Errors.isHigherAtTheEnd(release, stable, least);
        if (worse || soFar(sample) instanceof Judgement.Fail) {
            return new Judgement.Fail(measured(sample));
        }
        Optional<String> lack = least.lackedBy(release.of(), stable.of(), sample);
        return lack.<Judgement>map(why -> new Judgement.Inconclusive(why + "; " + measured(sample)))
                .orElseGet(() -> new Judgement.Pass(measured(sample)));
    }

    private static String measured(Sample sample) {
        return sample.release().requests() == 0
                ? "no request came in"
                : sample.release().failures() + " requests failed, of the stable release "
                        + sample.stable().failures();
    }
}
