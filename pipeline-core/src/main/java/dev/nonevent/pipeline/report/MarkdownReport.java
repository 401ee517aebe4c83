package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.event.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A run in Markdown, for a code host's summary or a comment: the verdict, a table of all stages, and what failed. Text
 * from outside is only ever text. At most 1 MiB; what has no room is left out, and that is said.
 *
 * <p>Written when the run is over. If it cannot be, {@link #on} throws {@link java.io.UncheckedIOException}, which a run
 * logs and survives. Safe for several runs at a time.
 */
public final class MarkdownReport implements RunListener {

    /** What it is called in the folder of a run. */
    public static final String NAME = "report.md";

    /** GitHub refuses a summary that is larger. */
    private static final long LARGEST = 1024 * 1024;

    private final FileReport file;

    private MarkdownReport(FileReport file) {
        this.file = file;
    }

    /** @param file replaced by each run, wholly or not at all */
    public static MarkdownReport at(Path file) {
        return new MarkdownReport(FileReport.at(file, (facts, at) -> new MarkdownText(facts, LARGEST).toString()));
    }

    /** In the folder of each run, as {@link #NAME}. */
    public static MarkdownReport inRunFolder() {
        return new MarkdownReport(
                FileReport.inRunFolder(NAME, (facts, at) -> new MarkdownText(facts, LARGEST).toString()));
    }

    /**
     * For {@code $GITHUB_STEP_SUMMARY}.
     *
     * @param file what others have written to it stays; together it is at most 1 MiB
     */
    public static MarkdownReport appendedTo(Path file) {
        return new MarkdownReport(FileReport.appendedTo(file, MarkdownReport::rest));
    }

    private static String rest(RunFacts facts, Path file) throws IOException {
        long there = Files.exists(file) ? Files.size(file) : 0;
        return new MarkdownText(facts, Math.max(0, LARGEST - there)).toString();
    }

    @Override
    public void on(RunEvent event) {
        file.on(event);
    }
}
