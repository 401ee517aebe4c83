package dev.nonevent.pipeline.bluegreen.judge;

import java.util.List;
import java.util.function.Function;

/** A judge of a team's own, asked when the bake is over. */
record Rule(String description, Function<? super Sample, ? extends Judgement> rule) implements Judge {

    @Override
    public List<String> problems() {
        return description.isBlank()
                ? List.of("a judge of your own has no description; say what it looks at")
                : List.of();
    }

    @Override
    public Judgement soFar(Sample sample) {
        return Judgement.Inconclusive.NOT_YET;
    }

    /** A rule that breaks has said nothing about the release. */
    @Override
    public Judgement atTheEnd(Sample sample) {
        try {
            Judgement judgement = rule.apply(sample);
            return judgement == null ? new Judgement.Inconclusive(description + " gave no answer") : judgement;
        } catch (RuntimeException e) {
            return new Judgement.Inconclusive(description + " broke: " + e);
        }
    }
}
