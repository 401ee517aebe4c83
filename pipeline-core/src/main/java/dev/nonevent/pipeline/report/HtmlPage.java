package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The page of one run, from its verdict to what delivery is worth. */
final class HtmlPage {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A page of more is one that no browser likes; what went wrong is told in any case. */
    private static final int MOST_STAGES = 1000;

    private final RunFacts facts;
    private final Path file;
    private final Map<String, Supplier<List<DeploymentRecord>>> deliveries;
    private final Map<String, String> anchors = new LinkedHashMap<>();
    private final Markup page = new Markup("<!DOCTYPE html>");

    HtmlPage(RunFacts facts, Path file, Map<String, Supplier<List<DeploymentRecord>>> deliveries) {
        this.facts = facts;
        this.file = file;
        this.deliveries = deliveries;
        facts.stages().forEach(stage -> anchors.put(stage.name, "stage-" + (anchors.size() + 1)));
    }

    String text() {
        page.open("html", "lang", "en").line();
        head();
        page.open("body").line().open("main").line();
        verdict();
        graph();
        stages();
        asides();
        deliveries.forEach((application, history) -> new DeliverySection(application, history).write(page));
        page.element("footer", "Made by Nonevent from the events of the run. Times are in UTC.")
                .line();
        return page.close().line().close().line().close().toString();
    }

    /** Nothing may be loaded or carried out, and the only style is ours, known by its digest. */
    private void head() {
        String sheet = styleSheet();
        page.open("head").line();
        page.empty("meta", "charset", "utf-8").line();
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; img-src data:; style-src 'sha256-" + digest(sheet)
                        + "'; base-uri 'none'; form-action 'none'");
        page.line()
                .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        page.empty("meta", "name", "referrer", "content", "no-referrer").line();
        page.empty("link", "rel", "icon", "href", "data:,").line();
        String word = facts.outcome().map(Outcome::word).orElse("");
        page.element("title", facts.pipeline() + ": " + word + ", run " + facts.run())
                .line();
        page.style(sheet).line().close().line();
    }

    private void verdict() {
        Look look = facts.outcome().map(Look::of).orElse(new Look("none", "–", "not ended"));
        page.open("header", "class", look.kind()).line();
        page.element("p", facts.pipeline(), "class", "pipeline").line();
        page.open("h1").element("span", look.sign(), "class", "sign", "aria-hidden", "true");
        page.text(" " + capital(look.word()));
        List<RunFacts.StageFacts> bad = facts.bad();
        for (int i = 0; i < bad.size(); i++) {
            page.text(i == 0 ? " by " : ", ");
            page.element("a", bad.get(i).name, "href", "#" + anchors.get(bad.get(i).name));
        }
        page.close().line();
        String sentence = bad.size() == 1
                ? bad.get(0).sentence()
                : bad.isEmpty() ? facts.outcome().map(Outcome::sentence).orElse("") : "";
        sentence.lines().forEach(line -> page.element("p", line, "class", "why"));
        page.open("dl", "class", "facts").line();
        RunEvent.RunStarted started = facts.started;
        RunEvent.RunEnded ended = facts.ended;
        fact("Run", facts.run().value());
        if (started != null) {
            fact("Started by", started.trigger());
            fact("Started", MOMENT.format(started.at()));
        }
        facts.commit().ifPresent(commit -> fact("Commit", commit.substring(0, Math.min(12, commit.length()))));
        if (ended != null) {
            fact("Took", Durations.text(ended.took()) + ", " + Durations.text(facts.work()) + " of work");
        }
        if (facts.outcome().filter(outcome -> !outcome.hasPassed()).isPresent()) {
            fact("To go on", "resume " + facts.run());
        }
        page.close().line().close().line();
    }

    private void fact(String name, String value) {
        page.open("div").element("dt", name).element("dd", value).close().line();
    }

    private void graph() {
        page.open("section", "class", "picture").line().element("h2", "Graph").line();
        if (facts.stages().size() > GraphDrawing.MOST_STAGES) {
            page.element("p", facts.stages().size() + " stages are too many for a picture; all of them are below.");
        } else {
            Map<String, List<String>> waitsFor = new LinkedHashMap<>();
            facts.stages().forEach(stage -> waitsFor.put(stage.name, stage.waitsFor));
            GraphLayout layout = new GraphLayout(waitsFor);
            page.open("div", "class", "scroll", "tabindex", 0, "role", "region", "aria-label", "Graph")
                    .line();
            new GraphDrawing(facts, layout, anchors, false).draw(page);
            new GraphDrawing(facts, layout, anchors, true).draw(page);
            page.close().line();
        }
        page.close().line();
    }

    private void stages() {
        Instant start = facts.started == null ? Instant.EPOCH : facts.started.at();
        Duration took = facts.ended == null ? Duration.ZERO : facts.ended.took();
        page.open("section", "class", "stages").line().element("h2", "Stages").line();
        page.open("p", "class", "axis", "aria-hidden", "true").open("span");
        page.element("span", "0")
                .element("span", Durations.text(took))
                .close()
                .close()
                .line();
        HtmlStages stages = new HtmlStages(page, anchors, file, new Span(start, took));
        int others = Math.max(0, MOST_STAGES - facts.bad().size());
        int left = 0;
        for (RunFacts.StageFacts stage : facts.stages()) {
            if (stage.outcome().flatMap(Outcome::failed).isPresent() || others-- > 0) {
                stages.write(stage);
            } else {
                left++;
            }
        }
        if (left > 0) {
            page.element("p", "and " + left + " more, none of which went wrong.")
                    .line();
        }
        page.close().line();
    }

    private void asides() {
        if (facts.asides().isEmpty()) {
            return;
        }
        page.open("section").line().element("h2", "Beside the stages").line();
        HtmlStages.sayings(page, facts.asides(), facts.started == null ? Instant.EPOCH : facts.started.at());
        page.close().line();
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String styleSheet() {
        try (InputStream sheet = HtmlPage.class.getResourceAsStream("report.css")) {
            return Optional.ofNullable(sheet)
                    .map(HtmlPage::read)
                    .orElseThrow(() -> new IllegalStateException("report.css is missing beside " + HtmlPage.class));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(InputStream sheet) {
        try {
            return new String(sheet.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String digest(String sheet) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(sheet.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
