package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.deployment.DeploymentStrategy;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.report.HtmlReport;
import dev.nonevent.pipeline.report.JUnitXmlReport;
import dev.nonevent.pipeline.report.JsonReport;
import dev.nonevent.pipeline.report.MarkdownReport;
import dev.nonevent.pipeline.text.Nearest;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/**
 * The files that tell of a run: three in its folder, and those that were asked for. One that cannot be written is said
 * and changes nothing else.
 */
final class ReportFiles implements RunListener {

    private final List<RunListener> reports;
    private final List<String> complaints = new ArrayList<>();
    private String page = "";

    private enum Format {
        HTML,
        JSON,
        JUNIT,
        MARKDOWN;

        RunListener at(Path file, UnaryOperator<HtmlReport> deliveries) {
            return switch (this) {
                case HTML -> deliveries.apply(HtmlReport.at(file));
                case JSON -> JsonReport.at(file);
                case JUNIT -> JUnitXmlReport.at(file);
                case MARKDOWN -> MarkdownReport.at(file);
            };
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ReportFiles(List<RunListener> reports) {
        this.reports = reports;
    }

    static String formats() {
        return Arrays.stream(Format.values()).map(Format::word).collect(Collectors.joining(", "));
    }

    /** @throws UsageException if a format or a file is none */
    static ReportFiles asked(Plan plan, ParseResult arguments, Settings settings) {
        UnaryOperator<HtmlReport> deliveries = deliveries(plan, settings);
        List<RunListener> reports = new ArrayList<>(List.of(
                deliveries.apply(HtmlReport.inRunFolder()), JsonReport.inRunFolder(), JUnitXmlReport.inRunFolder()));
        List<String> asked = arguments.matchedOptionValue(Grammar.REPORT, List.of());
        asked.forEach(each -> reports.add(report(each, deliveries)));
        summary(settings.environment()).ifPresent(reports::add);
        return new ReportFiles(List.copyOf(reports));
    }

    /** What delivery is worth, of every application that the pipeline deploys. */
    private static UnaryOperator<HtmlReport> deliveries(Plan plan, Settings settings) {
        return report -> {
            HtmlReport more = report;
            for (DeploymentStrategy<?, ?> strategy : new Deploys(plan).all()) {
                more = more.deliveries(
                        strategy.application(), () -> strategy.history(settings.deploymentContext("metrics")));
            }
            return more;
        };
    }

    /** GitHub shows what is in this file on the page of the workflow's run. */
    private static Optional<RunListener> summary(Map<String, String> environment) {
        String file = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
        return "true".equals(environment.get("GITHUB_ACTIONS")) && !file.isBlank()
                ? Optional.of(MarkdownReport.appendedTo(Path.of(file)))
                : Optional.empty();
    }

    private static RunListener report(String asked, UnaryOperator<HtmlReport> deliveries) {
        int sign = asked.indexOf('=');
        String format = sign < 0 ? asked : asked.substring(0, sign);
        String file = sign < 0 ? "" : asked.substring(sign + 1);
        List<String> known = Arrays.stream(Format.values()).map(Format::word).toList();
        if (!known.contains(format)) {
            throw new UsageException("--report knows no format \"" + format + "\"; there are " + formats()
                    + Nearest.hint(format, known));
        } else if (file.isBlank()) {
            throw new UsageException("--report " + format + " needs a file: --report " + format + "=FILE");
        }
        try {
            return Format.valueOf(format.toUpperCase(Locale.ROOT)).at(Path.of(file), deliveries);
        } catch (InvalidPathException wrong) {
            throw new UsageException("--report " + asked + " names no file: " + wrong.getMessage());
        }
    }

    @Override
    public synchronized void on(RunEvent event) {
        if (event instanceof RunEvent.RunStarted started) {
            page = started.home().resolve(HtmlReport.NAME).toString();
        }
        for (RunListener report : reports) {
            try {
                report.on(event);
            } catch (UncheckedIOException unwritten) {
                complaints.add(String.valueOf(unwritten.getMessage()));
            }
        }
    }

    /** Where the page is, or why it is not; to be asked when the run is over. */
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>(complaints);
        if (complaints.stream().noneMatch(complaint -> complaint.contains(page))) {
            lines.add(" report " + page);
        }
        return lines;
    }
}
