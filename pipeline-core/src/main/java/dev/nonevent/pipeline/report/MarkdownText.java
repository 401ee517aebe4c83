package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The Markdown of one run: parts, each whole or not there, in the order in which they matter. */
final class MarkdownText {

    private static final int MOST_DETAILS = 40;

    private static final String LEFT_OUT = "\n*There was no room for all of it.*\n";

    /** Everything that could begin something else than text; a backslash takes that away from any of them. */
    private static final Pattern SIGNS =
            Pattern.compile("[\\\\`*_{}\\[\\]<>()#|~&!$]|:(?=//)|^[-+=]|(?<=^[0-9]{1,9})[.]");

    private static final Pattern BACKTICKS = Pattern.compile("`+");

    private final RunFacts facts;
    private final long most;
    private final StringBuilder text = new StringBuilder();
    private boolean leftOut;

    /** @param most bytes of UTF-8 */
    MarkdownText(RunFacts facts, long most) {
        this.facts = facts;
        this.most = most;
        part(verdict());
        part(table());
        facts.bad().forEach(stage -> part(failure(stage)));
        part(notes());
        if (leftOut) {
            part(LEFT_OUT);
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void part(String part) {
        int reserve = part.equals(LEFT_OUT) ? 0 : LEFT_OUT.length();
        if (bytes(text) + bytes(part) + reserve <= most) {
            text.append(part);
        } else {
            leftOut = true;
        }
    }

    private static long bytes(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private String verdict() {
        RunEvent.RunEnded ended = facts.ended;
        if (ended == null) {
            return "";
        }
        List<String> bad = facts.bad().stream().map(stage -> plain(stage.name)).toList();
        String by = bad.isEmpty() ? "" : " by " + String.join(", ", bad);
        String trigger = facts.started == null ? "" : ", " + plain(facts.started.trigger());
        return "## " + Marks.sign(ended.outcome()) + " " + plain(facts.pipeline()) + ": "
                + ended.outcome().word() + by + "\n\nRun " + plain(ended.run().value()) + trigger + ", "
                + Durations.text(ended.took()) + " (" + Durations.text(facts.work()) + " of work)\n";
    }

    private String table() {
        StringBuilder table = new StringBuilder("\n| Stage | Result | Time | |\n|---|---|--:|---|\n");
        facts.stages().forEach(stage -> table.append(row(stage)));
        return table.toString();
    }

    private static String row(RunFacts.StageFacts stage) {
        Outcome outcome = stage.outcome().orElse(null);
        if (stage.ended == null || outcome == null) {
            String how = stage.started == null ? "not started" : "not ended";
            return "| " + plain(stage.name) + " | " + how + " | | |\n";
        }
        String took = outcome.wasSkipped() ? "" : Durations.text(stage.ended.took());
        String first = stage.sentence().lines().findFirst().orElse("");
        return "| " + plain(stage.name) + " | " + Marks.sign(outcome) + " " + outcome.word()
                + (stage.isFlaky() ? ", flaky" : "")
                + " | " + took + " | "
                + plain(first) + " |\n";
    }

    private static String failure(RunFacts.StageFacts stage) {
        List<String> details =
                stage.outcome().flatMap(Outcome::failed).map(Failure::details).orElse(List.of());
        StringBuilder text = new StringBuilder("\n### " + plain(stage.name) + "\n");
        stage.sentence()
                .lines()
                .forEach(line -> text.append('\n').append(plain(line)).append("  "));
        if (stage.ended != null) {
            text.append("\nDeclared at ").append(plain(stage.ended.place())).append('\n');
        }
        List<String> shown = new ArrayList<>(details.subList(0, Math.min(MOST_DETAILS, details.size())));
        if (details.size() > MOST_DETAILS) {
            shown.add("and " + (details.size() - MOST_DETAILS) + " more");
        }
        text.append(fenced(shown));
        stage.services.forEach(said -> text.append("\nService ")
                .append(plain(said.service() + " " + said.how().orElse("was running")))
                .append('\n')
                .append(fenced(said.lines())));
        if (stage.lines > 0) {
            text.append("\n<details><summary>the last ")
                    .append(stage.lastLines.size())
                    .append(" of ")
                    .append(stage.lines)
                    .append(" lines</summary>\n")
                    .append(fenced(List.copyOf(stage.lastLines)))
                    .append("\n</details>\n");
        }
        return text.toString();
    }

    private String notes() {
        StringBuilder notes = new StringBuilder();
        facts.asides().forEach(note -> notes.append("\n- ").append(plain(note.line())));
        return notes.isEmpty() ? "" : notes.append('\n').toString();
    }

    /** Lines of a program, behind a fence that none of them can end. */
    private static String fenced(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        List<String> clean = lines.stream().map(CleanText::line).toList();
        int longest = clean.stream()
                .flatMap(line -> BACKTICKS.matcher(line).results())
                .mapToInt(run -> run.end() - run.start())
                .max()
                .orElse(0);
        String fence = "`".repeat(Math.max(3, longest + 1));
        return "\n" + fence + "text\n" + String.join("\n", clean) + "\n" + fence + "\n";
    }

    private static String plain(String outside) {
        return SIGNS.matcher(CleanText.line(outside).strip()).replaceAll("\\\\$0");
    }
}
