package dev.nonevent.pipeline.bluegreen.judge;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Fails a release while a number that somebody else measures is beyond a limit: during the bake after three readings in a
 * row, at its end after the one that is then taken. A plain limit, without statistics: the number is taken as it is.
 *
 * <p>The source is asked every 15 seconds and once more at the end. If it is unknown then, the release is neither passed nor
 * failed.
 */
public final class MetricJudge implements Judge {

    private final MetricSource source;
    private final Limit limit;
    private final int inARow;

    MetricJudge(MetricSource source, Limit limit, int inARow) {
        this.source = source;
        this.limit = limit;
        this.inARow = inARow;
    }

    record Limit(double number, boolean most) {

        boolean isKept(double value) {
            return most ? value <= number : value >= number;
        }

        @Override
        public String toString() {
            return (most ? "at most " : "at least ") + text(number);
        }
    }

    /** @param readings so many beyond the limit in a row fail the release before the bake is over; 1 to 20, 3 if not said */
    public MetricJudge failingAfter(int readings) {
        return new MetricJudge(source, limit, readings);
    }

    @Override
    public String description() {
        return source.description() + " " + limit;
    }

    @Override
    public List<String> problems() {
        List<String> problems = new ArrayList<>(source.problems());
        if (!Double.isFinite(limit.number())) {
            problems.add(source.description() + ": " + limit.number() + " is no limit; say a number");
        }
        if (inARow < 1 || inARow > 20) {
            problems.add(source.description() + ": " + inARow + " readings in a row cannot be waited for; say 1 to 20");
        }
        return problems;
    }

    @Override
    public List<MetricSource> sources() {
        return List.of(source);
    }

    @Override
    public Judgement soFar(Sample sample) {
        List<Reading> readings = sample.readings().of(source);
        if (readings.size() < inARow) {
            return Judgement.Inconclusive.NOT_YET;
        }
        List<Reading> newest = readings.subList(readings.size() - inARow, readings.size());
        boolean beyond = newest.stream()
                .allMatch(reading -> reading.known().filter(this::isBeyond).isPresent());
        return beyond
                ? new Judgement.Fail(measured(newest.get(inARow - 1)) + ", " + inARow + " times in a row")
                : Judgement.Inconclusive.NOT_YET;
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        if (soFar(sample) instanceof Judgement.Fail fail) {
            return fail;
        }
        Reading last = sample.readings().last(source).orElse(new Reading.Unknown("has not answered yet"));
        return last.fold(
                value -> isBeyond(value.number())
                        ? new Judgement.Fail(measured(value))
                        : new Judgement.Pass(measured(value)),
                unknown -> new Judgement.Inconclusive(measured(unknown)));
    }

    private boolean isBeyond(double value) {
        return !limit.isKept(value);
    }

    private String measured(Reading reading) {
        return source.description() + " "
                + reading.fold(value -> "is " + text(value.number()) + ", allowed " + limit, Reading.Unknown::why);
    }

    private static String text(double number) {
        return Double.isFinite(number)
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : String.valueOf(number);
    }
}
