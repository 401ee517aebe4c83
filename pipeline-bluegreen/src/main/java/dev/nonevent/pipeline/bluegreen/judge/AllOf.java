package dev.nonevent.pipeline.bluegreen.judge;

import dev.nonevent.pipeline.bluegreen.traffic.Capability;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    public Set<Capability> needs() {
        return judges.stream().flatMap(judge -> judge.needs().stream()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public long least() {
        return judges.stream().mapToLong(Judge::least).max().orElse(0);
    }

    @Override
    public Optional<Long> noticedAfter(double errorRate) {
        return judges.stream()
                .flatMap(judge -> judge.noticedAfter(errorRate).stream())
                .min(Comparator.naturalOrder());
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
