package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.UUID;

/**
 * The log of a GitHub workflow. The runner reads every line and does what it says if it looks like one of its commands:
 * {@code ::name …} at the start of a line, {@code ##[name …]} anywhere in it. What a stage printed is therefore always
 * written between {@code ::stop-commands::} and a word that nobody could have known, a new one each time; any other line
 * that looks like a command is written so that it is none.
 */
final class GitHubScreen extends Screen {

    private boolean commandsAreStopped;

    GitHubScreen(Appendable out) {
        super(out, ConsoleHost.GITHUB);
    }

    @Override
    void line(String line) {
        if (commandsAreStopped) {
            own(line);
        } else {
            super.line(line);
        }
    }

    /** Folded if it passed, open if not; what failed is shown on the page of the change as well. */
    @Override
    void stage(RunFacts.StageFacts stage, String title, Runnable output) {
        Outcome outcome = stage.outcome().orElse(Outcome.passed());
        if (stage.lines > 0 && outcome.hasPassed()) {
            command("group", "", title);
            asText(output);
            command("endgroup", "", "");
        } else {
            if (stage.lines > 0) {
                asText(output);
            }
            line(title);
        }
        if (outcome.failed().isPresent()) {
            annotation("error", stage, outcome.word());
        } else if (stage.isFlaky()) {
            annotation("warning", stage, "flaky");
        }
    }

    private void annotation(String command, RunFacts.StageFacts stage, String word) {
        RunEvent.StageEnded ended = stage.ended;
        String place = ended == null ? "" : ended.place();
        int colon = place.lastIndexOf(':');
        String file = colon < 0
                ? ""
                : "file=" + property(place.substring(0, colon)) + ",line=" + property(place.substring(colon + 1)) + ",";
        String sentence = stage.sentence().isEmpty() ? word : stage.sentence();
        command(command, " " + file + "title=" + property(stage.name + " " + word), sentence);
    }

    private void own(String line) {
        raw(line + "\n");
    }

    private void command(String name, String properties, String message) {
        own("::" + name + properties + "::" + data(message));
    }

    /** Whatever is written meanwhile is no command. */
    private void asText(Runnable writing) {
        String end = UUID.randomUUID().toString();
        own("::stop-commands::" + end);
        commandsAreStopped = true;
        try {
            writing.run();
        } finally {
            commandsAreStopped = false;
            own("::" + end + "::");
        }
    }

    private static String data(String text) {
        String clean = String.join("\n", text.lines().map(CleanText::line).toList());
        return clean.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
