package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All a person wants to see of a stage that ended badly, once and together. */
final class FailureBlock {

    private static final int MOST_DETAILS = 40;

    private final Marks marks;

    FailureBlock(Marks marks) {
        this.marks = marks;
    }

    List<String> lines(RunFacts.StageFacts stage) {
        RunEvent.StageEnded ended = stage.ended;
        Optional<Failure> failure = stage.outcome().flatMap(Outcome::failed);
        if (ended == null || failure.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(marks.of(ended.outcome()) + " " + marks.text(stage.name) + "  " + marks.word(ended.outcome())
                + " after " + Durations.text(ended.took()) + "   " + marks.dim(ended.place()));
        paragraph(lines, stage.sentence());
        if (stage.started != null && !stage.started.executor().isEmpty()) {
            lines.add("  in " + marks.text(stage.started.executor()));
        }
        List<String> details = failure.get().details();
        details.stream().limit(MOST_DETAILS).forEach(detail -> lines.add("    " + marks.text(detail)));
        if (details.size() > MOST_DETAILS) {
            lines.add("    and " + (details.size() - MOST_DETAILS) + " more");
        }
        lastLines(lines, stage, details);
        stage.services.forEach(said -> service(lines, said));
        return lines;
    }

    /** Not again what the details have shown already. */
    private void lastLines(List<String> lines, RunFacts.StageFacts stage, List<String> details) {
        if (stage.lines == 0 || stage.ended == null) {
            return;
        }
        String where = stage.ended.log().map(log -> ": " + log).orElse("");
        // A last attempt may have printed nothing where one before it did.
        boolean shown = stage.lastLines.isEmpty() || details.contains(stage.lastLines.getLast());
        lines.add("  " + (shown ? "all it printed" : "last lines") + " (all " + stage.lines + marks.text(where) + ")");
        if (!shown) {
            stage.lastLines.forEach(line -> lines.add("  " + marks.bar() + " " + marks.text(line)));
        }
    }

    private void service(List<String> lines, RunEvent.ServiceSaid said) {
        String how = said.how().orElse("was running");
        String words = said.lines().isEmpty() ? "; it said nothing" : "; its last lines (all: " + said.log() + ")";
        lines.add("  service " + marks.text(said.service() + " " + how + words));
        said.lines().forEach(line -> lines.add("  " + marks.bar() + " " + marks.text(line)));
    }

    private void paragraph(List<String> lines, String sentence) {
        sentence.lines().forEach(line -> lines.add("  " + marks.text(line)));
    }
}
