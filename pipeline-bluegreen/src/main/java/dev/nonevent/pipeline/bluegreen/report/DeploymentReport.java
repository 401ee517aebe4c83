package dev.nonevent.pipeline.bluegreen.report;

import dev.nonevent.pipeline.deployment.Release;
import java.util.List;
import java.util.Optional;

/**
 * How one deployment went, whichever way it ended: worked out from the ledger and from nothing else, so it is the same whoever
 * asks and whenever, and is there for what a dead process has left as well.
 *
 * <p>What nobody has measured is empty and never a zero. Immutable.
 *
 * @param deployment its name, such as {@code shop-17}; empty if nothing was begun
 * @param evidence what it was let through by, or given up for, in order
 * @param timeline every fact of the ledger that belongs to it, oldest first
 */
public record DeploymentReport(
        String application,
        Optional<String> deployment,
        Release release,
        Purpose purpose,
        Ending ending,
        Times times,
        Users users,
        List<Evidence> evidence,
        List<Moment> timeline) {

    /** Why traffic was to move. */
    public enum Purpose {
        DEPLOY,
        /** The deployment before it, which had not become stable, once more. */
        RETRY,
        /** A person wanted the release before. */
        ROLL_BACK
    }

    public DeploymentReport {
        evidence = List.copyOf(evidence);
        timeline = List.copyOf(timeline);
    }

    /** @throws IllegalArgumentException if it is no report that {@link #json} has written */
    public static DeploymentReport fromJson(String json) {
        return Json.read(json);
    }

    /** For a program; the fields and their units are in {@code docs/report.md}. */
    public String json() {
        return Json.written(this);
    }

    /** For a person: lines of at most 120 columns, each with its line end. */
    public String text() {
        return new Page(this).text();
    }
}
