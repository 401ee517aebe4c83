package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Line by line, for logs: a stage's output is shown whole when the stage ends, so that stages side by side do not mix.
 * It is read from the stage's log; nothing but its end is kept in memory.
 */
final class PlainView implements View {

    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Screen screen;
    private final Marks marks;
    private final QuietView end;
    private final Map<String, Instant> lastSign = new HashMap<>();

    PlainView(Screen screen, Marks marks) {
        this.screen = screen;
        this.marks = marks;
        this.end = new QuietView(screen, marks);
    }

    @Override
    public void show(RunEvent event, RunFacts facts) {
        event.match(
                run -> screen.line(
                        marks.text(run.pipeline()) + "  run " + run.run() + "  (" + marks.text(run.trigger()) + ")"),
                this::started,
                output -> {},
                progress -> screen.line(marks.running() + " " + marks.text(progress.stage() + ": " + progress.line())),
                ended -> ended(ended, facts.stage(ended.stage())),
                aside -> aside(aside, facts),
                run -> {
                    screen.line("");
                    end.show(run, facts);
                });
        screen.flush();
    }

    private void aside(RunEvent.Aside event, RunFacts facts) {
        if (event instanceof RunEvent.ServiceStarting starting) {
            screen.line(marks.running() + " service "
                    + marks.text(starting.service() + "  started for " + starting.stage() + "  in "
                            + starting.description()));
        } else if (event instanceof RunEvent.ServiceReady ready) {
            screen.line(marks.running() + " service " + marks.text(ready.service()) + "  ready after "
                    + Durations.text(ready.took()));
        } else {
            WaitingLine.of(event).ifPresent(line -> screen.line(marks.running() + " " + marks.text(line)));
            end.show(event, facts);
        }
    }

    private void started(RunEvent.StageStarted event) {
        lastSign.put(event.stage(), event.at());
        String where = event.executor().isEmpty() ? "" : "  in " + event.executor();
        screen.line(marks.running() + " " + marks.text(event.stage()) + "  started" + marks.text(where));
    }

    private void ended(RunEvent.StageEnded event, RunFacts.StageFacts stage) {
        lastSign.remove(event.stage());
        Outcome outcome = event.outcome();
        String took = outcome.wasSkipped() ? "" : "  " + Durations.text(event.took());
        String first = stage.sentence().lines().findFirst().orElse("");
        String title = marks.of(outcome) + " " + marks.text(event.stage()) + "  " + marks.word(outcome) + took + "  "
                + marks.text(first);
        screen.stage(stage, title.stripTrailing(), () -> {
            if (stage.lines > 0) {
                output(event, stage);
            }
        });
    }

    private void output(RunEvent.StageEnded event, RunFacts.StageFacts stage) {
        Path log = event.log().filter(Files::isReadable).orElse(null);
        if (log == null) {
            remembered(stage, "");
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output(line);
            }
        } catch (IOException unreadable) {
            remembered(stage, "; its log could not be read: " + unreadable.getMessage());
        }
    }

    private void remembered(RunFacts.StageFacts stage, String why) {
        if (stage.lines > stage.lastLines.size() || !why.isEmpty()) {
            output("the last " + stage.lastLines.size() + " of " + stage.lines + " lines" + why);
        }
        stage.lastLines.forEach(this::output);
    }

    private void output(String line) {
        screen.line("  " + marks.bar() + " " + marks.text(line));
    }

    @Override
    public void show(Instant now, RunFacts facts) {
        facts.stages().stream().filter(RunFacts.StageFacts::isRunning).forEach(stage -> {
            Instant sign = lastSign.getOrDefault(stage.name, now);
            if (Duration.between(sign, now).compareTo(SILENCE) >= 0) {
                lastSign.put(stage.name, now);
                String output = stage.lastOutputAt == null
                        ? "no output yet"
                        : "last output " + Durations.text(Duration.between(stage.lastOutputAt, now)) + " ago";
                screen.line(marks.running() + " " + marks.text(stage.name) + "  " + Durations.text(stage.runsFor(now))
                        + ", " + output);
            }
        });
        screen.flush();
    }
}
