package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redrawn in place: below, what runs and what waits; above, scrolling away, what has ended. Nothing but this class moves
 * the cursor, and only upwards over lines it has written itself.
 */
final class LiveView implements View {

    /** Output comes faster than an eye sees. */
    private static final Duration FRAME = Duration.ofMillis(100);

    private static final String WRAP_OFF = "\u001b[?7l";
    private static final String WRAP_ON = "\u001b[?7h";

    private final Screen screen;
    private final Marks marks;
    private final ConsoleStyle style;
    private int drawn;
    private @Nullable Instant drawnAt;
    private boolean over;

    LiveView(Screen screen, Marks marks, ConsoleStyle style) {
        this.screen = screen;
        this.marks = marks;
        this.style = style;
    }

    @Override
    public void show(RunEvent event, RunFacts facts) {
        if (event instanceof RunEvent.StageOutput && !isDue(event.at())) {
            return;
        }
        erase();
        event.match(
                run -> screen.line(
                        marks.text(run.pipeline()) + "  run " + run.run() + "  (" + marks.text(run.trigger()) + ")"),
                started -> {},
                output -> {},
                progress -> screen.line(
                        " " + marks.running() + " " + marks.text(progress.stage() + ": " + progress.line())),
                ended -> ended(ended, facts.stage(ended.stage())),
                this::aside,
                run -> {
                    over = true;
                    screen.line("");
                    screen.lines(new SummaryTable(marks, facts).lines(run));
                });
        draw(event.at(), facts);
    }

    @Override
    public void show(Instant now, RunFacts facts) {
        if (facts.started != null && !over && isDue(now)) {
            erase();
            draw(now, facts);
        }
    }

    private boolean isDue(Instant now) {
        return drawnAt == null || Duration.between(drawnAt, now).abs().compareTo(FRAME) >= 0;
    }

    private void aside(RunEvent.Aside event) {
        if (event instanceof RunEvent.RunNote note) {
            screen.line(" " + marks.note() + " " + marks.text(note.line()));
        }
        WaitingLine.of(event).ifPresent(line -> screen.line(" " + marks.running() + " " + marks.text(line)));
    }

    private void ended(RunEvent.StageEnded event, RunFacts.StageFacts stage) {
        Outcome outcome = event.outcome();
        if (outcome.failed().isPresent()) {
            screen.lines(new FailureBlock(marks).lines(stage));
            return;
        }
        String took = outcome.wasSkipped() ? outcome.word() : Durations.text(event.took());
        String first = stage.sentence().lines().findFirst().orElse("");
        screen.line(
                (" " + marks.of(outcome) + " " + column(event.stage()) + "  " + right(took) + "  " + marks.text(first))
                        .stripTrailing());
    }

    private void erase() {
        if (drawn > 0) {
            screen.raw("\u001b[" + drawn + "A\r\u001b[J");
            drawn = 0;
        }
    }

    private void draw(Instant now, RunFacts facts) {
        List<String> region = over ? List.of() : region(now, facts);
        if (!region.isEmpty()) {
            // A terminal may be narrower than anybody has told us: it cuts what does not fit, and a line stays a line.
            screen.raw(WRAP_OFF);
            screen.lines(region);
            screen.raw(WRAP_ON);
        }
        screen.flush();
        drawn = region.size();
        drawnAt = now;
    }

    /** What runs comes first: it is what a person waits for. */
    private List<String> region(Instant now, RunFacts facts) {
        List<String> lines = new ArrayList<>();
        facts.stages().stream().filter(RunFacts.StageFacts::isRunning).forEach(stage -> lines.add(running(now, stage)));
        facts.stages().stream()
                .filter(stage -> stage.started == null && stage.ended == null)
                .forEach(stage -> lines.add(waiting(stage, facts)));
        int room = style.height() - 5;
        if (lines.size() > room) {
            int more = lines.size() - room + 1;
            lines.subList(room - 1, lines.size()).clear();
            lines.add("   and " + more + " more");
        }
        long ended =
                facts.stages().stream().filter(stage -> stage.ended != null).count();
        String since = facts.started == null ? "" : "   " + Durations.text(Duration.between(facts.started.at(), now));
        lines.add(" " + ended + " of " + facts.stages().size() + since);
        return lines;
    }

    private String running(Instant now, RunFacts.StageFacts stage) {
        String last =
                stage.progress != null ? stage.progress : stage.lastLines.isEmpty() ? "" : stage.lastLines.getLast();
        return fitted(marks.running(), stage.name, Durations.text(stage.runsFor(now)), last);
    }

    private String waiting(RunFacts.StageFacts stage, RunFacts facts) {
        List<String> open = stage.waitsFor.stream()
                .filter(name -> facts.stage(name).ended == null)
                .toList();
        String what = open.isEmpty() ? stage.waits : String.join(", ", open);
        return fitted(marks.waiting(), stage.name, "", what.isEmpty() ? "" : "waits for " + what);
    }

    /** A line that wrapped would be two lines, and the next redraw would leave one of them. */
    private String fitted(String mark, String name, String took, String text) {
        int used = nameWidth() + 18;
        String rest = CleanText.cut(marks.text(text), Math.max(0, style.width() - used), marks.cut());
        return (" " + mark + " " + column(name) + "  " + right(took) + "  " + rest).stripTrailing();
    }

    private int nameWidth() {
        return Math.min(28, style.width() / 3);
    }

    private String column(String name) {
        String cut = CleanText.cut(marks.text(name), nameWidth(), marks.cut());
        return cut + " ".repeat(nameWidth() - CleanText.columns(cut));
    }

    private static String right(String text) {
        return " ".repeat(Math.max(0, 7 - text.length())) + text;
    }
}
