package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import java.time.Instant;

/** The end of a run, and before it only what belongs to no stage. */
final class QuietView implements View {

    private final Screen screen;
    private final Marks marks;

    QuietView(Screen screen, Marks marks) {
        this.screen = screen;
        this.marks = marks;
    }

    @Override
    public void show(RunEvent event, RunFacts facts) {
        if (event instanceof RunEvent.RunEnded ended) {
            FailureBlock block = new FailureBlock(marks);
            facts.bad().forEach(stage -> {
                screen.lines(block.lines(stage));
                screen.line("");
            });
            screen.lines(new SummaryTable(marks, facts).lines(ended));
            screen.flush();
        } else if (event instanceof RunEvent.RunNote note) {
            screen.line(marks.note() + " " + marks.text(note.line()));
            screen.flush();
        }
    }

    @Override
    public void show(Instant now, RunFacts facts) {
        // It says nothing before the end.
    }
}
