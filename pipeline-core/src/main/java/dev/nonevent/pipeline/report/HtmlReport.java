package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.deployment.DeploymentRecord;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A run as one page for a browser: the graph, when each stage ran, what it said and the end of its log, and on request
 * what delivery is worth. The page needs nothing beside itself: no script, no font, no picture, no network. It may be sent
 * to somebody who has no access to anything else; whole logs are linked and stay where they are.
 *
 * <p>Written when the run is over, wholly or not at all. If it cannot be, {@link #on} throws
 * {@link java.io.UncheckedIOException}, which a run logs and survives. Safe for several runs at a time. Its size is
 * bounded, whatever the stages print; text from outside is only ever text.
 */
public final class HtmlReport implements RunListener {

    /** What it is called in the folder of a run. */
    public static final String NAME = "report.html";

    private final Function<FileReport.Form, FileReport> place;
    private final Map<String, Supplier<List<DeploymentRecord>>> deliveries;
    private final FileReport file;

    private HtmlReport(
            Function<FileReport.Form, FileReport> place, Map<String, Supplier<List<DeploymentRecord>>> deliveries) {
        this.place = place;
        this.deliveries = deliveries;
        this.file = place.apply((facts, at) -> new HtmlPage(facts, at, deliveries).text());
    }

    /** @param file replaced by each run */
    public static HtmlReport at(Path file) {
        return new HtmlReport(form -> FileReport.at(file, form), Map.of());
    }

    /** In the folder of each run, as {@link #NAME}. */
    public static HtmlReport inRunFolder() {
        return new HtmlReport(form -> FileReport.inRunFolder(NAME, form), Map.of());
    }

    /**
     * Also shows what the delivery of an application is worth. To be said before the report hears its first event.
     *
     * @param history asked when the run is over; what it throws stands on the page
     */
    public HtmlReport deliveries(String application, Supplier<List<DeploymentRecord>> history) {
        Map<String, Supplier<List<DeploymentRecord>>> more = new LinkedHashMap<>(deliveries);
        more.put(application, history);
        return new HtmlReport(place, more);
    }

    @Override
    public void on(RunEvent event) {
        file.on(event);
    }
}
