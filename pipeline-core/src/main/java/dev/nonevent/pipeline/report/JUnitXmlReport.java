package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run as a test report that every code host and build server reads: stages and gates are test cases in two suites.
 * Blocked and failed is a {@code failure}; errored and aborted is an {@code error}; what was skipped or never started is
 * {@code skipped} and says why. Valid XML 1.0, whatever was printed.
 *
 * <p>Written when the run is over, wholly or not at all. If it cannot be, {@link #on} throws
 * {@link java.io.UncheckedIOException}, which a run logs and survives. Safe for several runs at a time.
 */
public final class JUnitXmlReport implements RunListener {

    /** What it is called in the folder of a run. */
    public static final String NAME = "junit.xml";

    private final FileReport file;

    private JUnitXmlReport(FileReport file) {
        this.file = file;
    }

    /** @param file replaced by each run */
    public static JUnitXmlReport at(Path file) {
        return new JUnitXmlReport(FileReport.at(file, JUnitXmlReport::text));
    }

    /** In the folder of each run, as {@link #NAME}. */
    public static JUnitXmlReport inRunFolder() {
        return new JUnitXmlReport(FileReport.inRunFolder(NAME, JUnitXmlReport::text));
    }

    @Override
    public void on(RunEvent event) {
        file.on(event);
    }

    private static String text(RunFacts facts, Path file) {
        Markup xml = new Markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        Duration took = facts.ended == null ? Duration.ZERO : facts.ended.took();
        xml.open("testsuites", counts(facts.pipeline(), List.copyOf(facts.stages()), took))
                .line();
        suite(xml, facts, "stages", false);
        suite(xml, facts, "gates", true);
        return xml.close().toString();
    }

    private static void suite(Markup xml, RunFacts facts, String name, boolean gates) {
        List<RunFacts.StageFacts> cases =
                facts.stages().stream().filter(stage -> stage.isGate() == gates).toList();
        if (cases.isEmpty()) {
            return;
        }
        Duration work = cases.stream().map(JUnitXmlReport::took).reduce(Duration.ZERO, Duration::plus);
        List<Object> attributes = new ArrayList<>(List.of(counts(name, cases, work)));
        if (facts.started != null) {
            attributes.addAll(List.of("timestamp", facts.started.at(), "id", facts.started.run()));
        }
        xml.open("testsuite", attributes.toArray()).line();
        cases.forEach(stage -> testCase(xml, facts.pipeline() + "." + name, stage));
        xml.close().line();
    }

    private static void testCase(Markup xml, String suite, RunFacts.StageFacts stage) {
        xml.open("testcase", "name", stage.name, "classname", suite, "time", seconds(took(stage)));
        Optional<Outcome> outcome = stage.outcome();
        if (outcome.isEmpty()) {
            xml.empty("skipped", "message", stage.started == null ? "not started" : "not ended");
        } else {
            ending(xml, stage, outcome.get());
        }
        String again = stage.isFlaky() ? "flakyFailure" : "rerunFailure";
        stage.attempts.forEach(attempt -> xml.element(
                again,
                Asides.sentence(attempt),
                "message",
                attempt.outcome().sentence(),
                "type",
                attempt.outcome().word()));
        if (stage.lines > 0) {
            xml.block("system-out", List.copyOf(stage.lastLines));
        }
        xml.close().line();
    }

    private static void ending(Markup xml, RunFacts.StageFacts stage, Outcome outcome) {
        String element = element(outcome);
        if (element.equals("skipped")) {
            xml.empty(element, "message", outcome.sentence());
        } else if (!element.isEmpty()) {
            List<String> lines = new ArrayList<>(stage.sentence().lines().toList());
            outcome.failed().map(Failure::details).ifPresent(lines::addAll);
            if (stage.ended != null) {
                lines.add("declared at " + stage.ended.place());
            }
            xml.block(element, lines, "message", stage.sentence(), "type", outcome.word());
        }
    }

    private static String element(Outcome outcome) {
        return outcome.fold(e -> "", e -> "failure", e -> "failure", e -> "error", e -> "error", e -> "skipped");
    }

    private static Object[] counts(String name, List<RunFacts.StageFacts> cases, Duration time) {
        return new Object[] {
            "name", name,
            "tests", cases.size(),
            "failures", count(cases, "failure"),
            "errors", count(cases, "error"),
            "skipped", count(cases, "skipped"),
            "time", seconds(time)
        };
    }

    private static long count(List<RunFacts.StageFacts> cases, String element) {
        return cases.stream()
                .map(stage -> stage.outcome().map(JUnitXmlReport::element).orElse("skipped"))
                .filter(element::equals)
                .count();
    }

    private static Duration took(RunFacts.StageFacts stage) {
        return stage.ended == null ? Duration.ZERO : stage.ended.took();
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.3f", took.toMillis() / 1000.0);
    }
}
