package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;

/** The table at the end of every run, also of one that was stopped. */
final class SummaryTable {

    private static final int WIDEST_NAME = 40;

    private final Marks marks;
    private final RunFacts facts;

    SummaryTable(Marks marks, RunFacts facts) {
        this.marks = marks;
        this.facts = facts;
    }

    List<String> lines(RunEvent.RunEnded ended) {
        int width = Math.max(
                5,
                facts.stages().stream()
                        .mapToInt(stage -> CleanText.columns(marks.text(stage.name)))
                        .map(length -> Math.min(length, WIDEST_NAME))
                        .max()
                        .orElse(0));
        List<String> lines = new ArrayList<>();
        lines.add(" " + padded("Stage", width) + "  Result      Time");
        facts.stages().forEach(stage -> lines.add(row(stage, width)));
        lines.add(" " + Durations.text(ended.took()) + " (wall clock, " + Durations.text(facts.work()) + " of work)   "
                + verdict(ended.outcome()) + "   run " + ended.run());
        if (!ended.outcome().hasPassed()) {
            lines.add(" to go on where it stopped: resume " + ended.run());
        }
        return lines;
    }

    private String row(RunFacts.StageFacts stage, int width) {
        String name = padded(CleanText.cut(marks.text(stage.name), width, marks.cut()), width);
        Outcome outcome = stage.outcome().orElse(null);
        if (stage.ended == null || outcome == null) {
            return " " + name + "  " + (stage.started == null ? "not started" : "not ended");
        }
        String took = outcome.wasSkipped() ? "" : Durations.text(stage.ended.took());
        String word = padded(outcome.word(), 7).replace(outcome.word(), marks.word(outcome));
        String first = stage.sentence().lines().findFirst().orElse("");
        return (" " + name + "  " + word + "  " + " ".repeat(Math.max(0, 7 - took.length())) + took + "  "
                        + marks.text(first))
                .stripTrailing();
    }

    /** {@code BLOCKED by unit tests}, or the run's own words if no stage is to blame. */
    String verdict(Outcome outcome) {
        List<String> bad =
                facts.bad().stream().map(stage -> marks.text(stage.name)).toList();
        if (outcome.failed().isPresent() && !bad.isEmpty()) {
            return marks.word(outcome) + " by " + String.join(", ", bad);
        }
        String sentence = marks.text(outcome.sentence());
        return marks.word(outcome) + (sentence.isEmpty() ? "" : ": " + sentence);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - CleanText.columns(text)));
    }
}
