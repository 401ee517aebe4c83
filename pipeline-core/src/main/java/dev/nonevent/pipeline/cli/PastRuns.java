package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.report.Durations;
import dev.nonevent.pipeline.run.History;
import dev.nonevent.pipeline.run.OpenRuns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How earlier runs ended, one line for people each. */
final class PastRuns {

    private final History history;
    private final OpenRuns open;

    PastRuns(Path home, String pipeline) {
        this.history = new History(home, pipeline);
        this.open = OpenRuns.of(home, pipeline);
    }

    /** The newest last. */
    List<String> last(int count) {
        try {
            List<String> rows = Stream.concat(
                            history.last(count).stream().map(PastRuns::row),
                            open.all().stream().map(PastRuns::row))
                    .sorted(Comparator.comparing(row -> row.substring(0, row.indexOf(' '))))
                    .toList();
            return rows.subList(Math.max(0, rows.size() - count), rows.size());
        } catch (IOException unreadable) {
            throw new InfrastructureException(
                    "the history " + history.file() + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static String row(OpenRuns.Open run) {
        return run.run() + (run.underWay() ? "  under way" : "  cut short; to go on with it: resume " + run.run());
    }

    private static String row(History.Entry run) {
        String commit = run.commit().orElse("");
        return String.format(
                        Locale.ROOT,
                        "%s  %-7s  %7s  %s",
                        run.run(),
                        run.outcome(),
                        Durations.text(run.took()),
                        commit.substring(0, Math.min(7, commit.length())))
                .stripTrailing();
    }
}
