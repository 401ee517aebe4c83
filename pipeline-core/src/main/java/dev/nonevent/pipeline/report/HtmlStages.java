package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is told of each stage: one line with when it ran, and behind it everything else. What went wrong is open. */
final class HtmlStages {

    private static final int KIB = 1024;
    private static final int MOST_DETAILS = 200;
    private static final int SHORTEST_BAR = 4;

    private final Markup page;
    private final Map<String, String> anchors;
    private final Path file;
    private final Span span;

    /** What logs may still fill; a page that a browser cannot open shows nothing. */
    private int room = 8 * KIB * KIB;

    HtmlStages(Markup page, Map<String, String> anchors, Path file, Span span) {
        this.page = page;
        this.anchors = anchors;
        this.file = file;
        this.span = span;
    }

    void write(RunFacts.StageFacts stage) {
        Look look = Look.of(stage);
        boolean bad = stage.outcome().flatMap(Outcome::failed).isPresent();
        List<Object> attributes = new ArrayList<>(List.of("class", "stage " + look.kind()));
        if (bad) {
            attributes.addAll(List.of("open", "open"));
        }
        page.open("details", attributes.toArray()).line();
        summary(stage, look);
        // A link to what is inside opens what is around it.
        page.open("div", "class", "more", "id", anchors.getOrDefault(stage.name, ""))
                .line();
        about(stage);
        details(stage);
        if (!stage.sayings.isEmpty()) {
            sayings(page, stage.sayings, span.start());
        }
        stage.services.forEach(this::service);
        log(stage, bad);
        page.close().line().close().line();
    }

    private void summary(RunFacts.StageFacts stage, Look look) {
        page.open("summary");
        page.element("span", look.sign(), "class", "sign", "aria-hidden", "true");
        page.element("span", stage.name, "class", "name");
        page.element("span", look.word(), "class", "word");
        page.element("span", took(stage), "class", "took");
        bar(stage);
        page.element("span", stage.sentence().lines().findFirst().orElse(""), "class", "sentence");
        page.close().line();
    }

    private static String took(RunFacts.StageFacts stage) {
        return stage.ended == null || stage.started == null ? "" : Durations.text(stage.ended.took());
    }

    private void bar(RunFacts.StageFacts stage) {
        page.open(
                "svg",
                "class",
                "bar",
                "viewBox",
                "0 0 " + Span.WIDTH + " 8",
                "preserveAspectRatio",
                "none",
                "aria-hidden",
                "true");
        if (stage.started != null) {
            page.empty("rect", "class", "lane", "x", 0, "y", 0, "width", Span.WIDTH, "height", 8);
            Instant end = stage.ended == null ? span.start().plus(span.took()) : stage.ended.at();
            double from = Math.min(Span.WIDTH - SHORTEST_BAR, span.at(stage.started.at()));
            double width = Math.max(SHORTEST_BAR, span.at(end) - from);
            page.empty("rect", "class", "ran", "x", n(from), "y", 0, "width", n(width), "height", 8);
        }
        page.close();
    }

    private void about(RunFacts.StageFacts stage) {
        page.open("dl", "class", "facts").line();
        stage.sentence().lines().skip(1).forEach(line -> fact("", line));
        if (stage.started != null) {
            fact("Began", span.since(stage.started.at()));
            fact("In", stage.started.executor());
        }
        fact("Waited for", String.join(", ", stage.waitsFor));
        if (stage.ended != null) {
            fact("Declared at", stage.ended.place());
        }
        page.close().line();
    }

    private void fact(String name, String value) {
        if (!value.isEmpty()) {
            page.open("div").element("dt", name).element("dd", value).close().line();
        }
    }

    private void details(RunFacts.StageFacts stage) {
        List<String> details =
                stage.outcome().flatMap(Outcome::failed).map(Failure::details).orElse(List.of());
        if (details.isEmpty()) {
            return;
        }
        page.element("h3", stage.isGate() ? "Evidence" : "What went wrong")
                .open("ul", "class", "details")
                .line();
        details.stream()
                .limit(MOST_DETAILS)
                .forEach(detail -> page.element("li", LogTail.start(detail)).line());
        if (details.size() > MOST_DETAILS) {
            page.element("li", "and " + (details.size() - MOST_DETAILS) + " more")
                    .line();
        }
        page.close().line();
    }

    static void sayings(Markup page, List<RunFacts.Saying> sayings, Instant start) {
        page.open("ol", "class", "sayings").line();
        for (RunFacts.Saying saying : sayings) {
            String since = new Span(start, Duration.ZERO).since(saying.at());
            page.open("li").element("span", since, "class", "since");
            page.element("span", LogTail.start(saying.line())).close().line();
        }
        page.close().line();
    }

    private void service(RunEvent.ServiceSaid said) {
        page.element("h3", "Service " + said.service() + " " + said.how().orElse("was running"));
        page.open("p", "class", "whole").element("a", "Whole log", "href", link(said.log()));
        page.close().line();
        if (!said.lines().isEmpty()) {
            block(said.lines(), "The end of the log of service " + said.service());
        }
    }

    private void log(RunFacts.StageFacts stage, boolean bad) {
        if (stage.lines == 0 || stage.ended == null) {
            return;
        }
        page.element("h3", "Log").line();
        List<String> lines = List.copyOf(stage.lastLines);
        String missing = "";
        boolean whole = lines.size() == stage.lines;
        Path log = stage.ended.log().orElse(null);
        if (log != null && room > 0) {
            try {
                LogTail tail = LogTail.of(log, Math.min(room, bad ? 256 * KIB : 128 * KIB), bad ? 500 : 100);
                lines = tail.lines();
                whole = tail.whole();
            } catch (IOException unreadable) {
                missing = " The log could not be read: " + unreadable.getMessage();
            }
        }
        room -= lines.stream().mapToInt(String::length).sum();
        String which = whole ? "" : "The last " + lines.size() + " of " + stage.lines + " lines. ";
        page.open("p", "class", "whole").text(which);
        if (log != null && missing.isEmpty()) {
            page.element("a", "Whole log", "href", link(log));
        }
        page.text(missing).close().line();
        block(lines, "The end of the log of " + stage.name);
    }

    /** It scrolls by itself, so it must be reached by the keyboard. */
    private void block(List<String> lines, String label) {
        List<String> cut = lines.stream().map(LogTail::start).toList();
        page.open("div", "class", "log", "tabindex", 0, "role", "region", "aria-label", label);
        page.block("pre", cut).close().line();
    }

    /** From the page to a log, by the shortest way, so that a folder can be moved. */
    private String link(Path log) {
        Path directory = file.getParent();
        Path target = log.toAbsolutePath().normalize();
        if (directory == null || !target.startsWith(directory)) {
            return target.toUri().toString();
        }
        StringBuilder way = new StringBuilder(".");
        directory.relativize(target).forEach(part -> way.append('/').append(part));
        try {
            return new URI(null, null, way.toString(), null).toASCIIString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("every path is one of a URI", impossible);
        }
    }

    private static String n(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
