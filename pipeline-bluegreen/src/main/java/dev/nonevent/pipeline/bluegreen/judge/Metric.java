package dev.nonevent.pipeline.bluegreen.judge;

/** A judge of a number that somebody else measures; {@link #atMost} or {@link #atLeast} completes it. */
public final class Metric {

    private final MetricSource source;

    Metric(MetricSource source) {
        this.source = source;
    }

    public MetricJudge atMost(double limit) {
        return new MetricJudge(source, new MetricJudge.Limit(limit, true), 3);
    }

    public MetricJudge atLeast(double limit) {
        return new MetricJudge(source, new MetricJudge.Limit(limit, false), 3);
    }
}
