package dev.nonevent.pipeline.cli;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.report.Durations;
import dev.nonevent.pipeline.run.History;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How earlier runs ended, one line for people each. */
final class PastRuns {

    private final History history;

    PastRuns(Path home, String pipeline) {
        this.history = new History(home, pipeline);
    }

    /** The newest last. */
    List<String> last(int count) {
        try {
            return history.last(count).stream().map(PastRuns::row).toList();
        } catch (IOException unreadable) {
            throw new InfrastructureException(
                    "the history " + history.file() + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
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
