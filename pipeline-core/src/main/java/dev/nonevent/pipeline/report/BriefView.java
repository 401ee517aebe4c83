package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Instant;
import java.util.List;

/** The essential lines, for a narrow place. */
final class BriefView implements View {

    private static final int MOST_DETAILS = 10;

    private final Screen screen;
    private final Marks marks;

    BriefView(Screen screen, Marks marks) {
        this.screen = screen;
        this.marks = marks;
    }

    @Override
    public void show(RunEvent event, RunFacts facts) {
        event.match(
                run -> screen.line(marks.text(run.pipeline()) + " run " + run.run()),
                started -> {},
                output -> {},
                progress -> screen.line("     " + marks.text(progress.stage() + ": " + progress.line())),
                ended -> ended(ended, facts.stage(ended.stage())),
                this::aside,
                run -> screen.line(new SummaryTable(marks, facts).verdict(run.outcome()) + "  (run " + run.run() + ", "
                        + Durations.text(run.took()) + ")"));
        screen.flush();
    }

    private void aside(RunEvent.Aside event) {
        if (event instanceof RunEvent.RunNote note) {
            screen.line("     " + marks.text(note.line()));
        }
        WaitingLine.of(event).ifPresent(line -> screen.line("     " + marks.text(line)));
    }

    private void ended(RunEvent.StageEnded event, RunFacts.StageFacts stage) {
        Outcome outcome = event.outcome();
        String took = outcome.wasSkipped() ? " skipped" : "  " + Durations.text(event.took());
        List<String> sentence = outcome.sentence().lines().toList();
        String first = sentence.isEmpty() ? "" : ": " + sentence.get(0);
        screen.line(marks.of(outcome) + " " + marks.text(event.stage()) + took + marks.text(first));
        outcome.failed().ifPresent(failure -> details(event, stage, failure, sentence));
    }

    private void details(RunEvent.StageEnded event, RunFacts.StageFacts stage, Failure failure, List<String> sentence) {
        sentence.stream().skip(1).forEach(this::detail);
        List<String> details = failure.details().isEmpty() ? List.copyOf(stage.lastLines) : failure.details();
        // The end of an output says more than its beginning, the beginning of a list of failures more than its end.
        int skipped = failure.details().isEmpty() ? Math.max(0, details.size() - MOST_DETAILS) : 0;
        details.stream().skip(skipped).limit(MOST_DETAILS).forEach(this::detail);
        if (details.size() - skipped > MOST_DETAILS) {
            detail("and " + (details.size() - MOST_DETAILS) + " more");
        }
        stage.services.forEach(this::service);
        detail("declared at " + event.place());
    }

    private void service(RunEvent.ServiceSaid said) {
        detail("service " + said.service() + " " + said.how().orElse("was running"));
        int skipped = Math.max(0, said.lines().size() - MOST_DETAILS);
        said.lines().stream().skip(skipped).forEach(line -> detail("  " + line));
    }

    private void detail(String line) {
        screen.line("       " + marks.text(line));
    }

    @Override
    public void show(Instant now, RunFacts facts) {
        // A pusher's terminal is not redrawn, and needs no sign of life: git shows its own.
    }
}
