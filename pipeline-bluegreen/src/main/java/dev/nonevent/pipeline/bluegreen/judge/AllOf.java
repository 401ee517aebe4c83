package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Several judges as one: what one fails is failed, and what one does not pass does not pass. */
record AllOf(List<Judge> judges) implements Judge {

    @Override
    public String description() {
        return judges.stream().map(Judge::description).collect(Collectors.joining(", "));
    }

    @Override
    public List<String> problems() {
        return judges.stream().flatMap(judge -> judge.problems().stream()).toList();
    }

    @Override
    public List<MetricSource> sources() {
        return judges.stream()
                .flatMap(judge -> judge.sources().stream())
                .distinct()
                .toList();
    }

    @Override
    public Judgement soFar(Sample sample) {
        return worst(judge -> judge.soFar(sample));
    }

    @Override
    public Judgement atTheEnd(Sample sample) {
        return worst(judge -> judge.atTheEnd(sample));
    }

    private Judgement worst(Function<Judge, Judgement> question) {
        List<Judgement> answers = judges.stream().map(question).toList();
        String failed = why(answers, Judgement.Fail.class);
        String unclear = why(answers, Judgement.Inconclusive.class);
        if (!failed.isEmpty()) {
            return new Judgement.Fail(failed);
        }
        return unclear.isEmpty()
                ? new Judgement.Pass(why(answers, Judgement.Pass.class))
                : new Judgement.Inconclusive(unclear);
    }

    private static String why(List<Judgement> answers, Class<? extends Judgement> kind) {
        return answers.stream().filter(kind::isInstance).map(Judgement::why).collect(Collectors.joining("; "));
    }
}
