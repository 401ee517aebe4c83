package dev.nonevent.pipeline.gate;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.nonevent.pipeline.executor.CommandResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The verdict of SARIF 2.1.0 reports, as SpotBugs, CodeQL, Semgrep, Trivy and most scanners write them.
 *
 * <pre>{@code
 * sarif(ctx.tryExec("mvn", "-B", "spotbugs:spotbugs"), "target/*.sarif.json").blockFrom(HIGH)
 * }</pre>
 *
 * <p>The report decides, not the exit code: scanners disagree on what an exit code means. But a command that failed and
 * whose reports hold no open finding is no evidence, like a report that is missing, empty, stale, cut off, larger than
 * 100 MB, of another version, without runs, with a run without results, or of a run that says it did not succeed.
 *
 * <p>A finding's severity is the score {@code security-severity} of the result or its rule; without one its level, else
 * the level its rule starts with, else {@code warning}. A score that is no number from 0 to 10 blocks. Findings that are
 * suppressed, absent from the baseline or not of kind {@code fail} do not count. Overrides of a rule's level inside
 * {@code invocations} are not read.
 */
@CheckReturnValue
public final class Sarif {

    private static final long MOST_BYTES = 100_000_000;

    private final CommandResult result;
    private final Evidence evidence;

    private Sarif(CommandResult result, Evidence evidence) {
        this.result = result;
        this.evidence = evidence;
    }

    /**
     * @param result the command that ran the scanner
     * @param glob which files it wrote, relative to where it ran; {@code **} crosses directories
     * @throws IllegalArgumentException if the glob is none, or leaves the directory
     */
    public static Sarif sarif(CommandResult result, String glob) {
        return new Sarif(result, new Evidence(result, glob));
    }

    /** Reads the reports: one open finding of this severity or worse blocks. */
    public Verdict blockFrom(Severity least) {
        try {
            FindingTally tally = new FindingTally(least);
            for (Path file : evidence.files(MOST_BYTES)) {
                try (InputStream bytes = evidence.open(file)) {
                    new SarifJson(evidence.name(file), tally).read(bytes);
                } catch (IOException unreadable) {
                    throw new UnusableEvidence("report " + evidence.name(file) + " cannot be read: " + unreadable);
                }
            }
            if (tally.open() == 0 && !result.succeeded()) {
                return Verdict.noEvidence(Words.line(result.line()) + " exited " + result.exitCode()
                        + ", but its reports hold no open finding");
            }
            return tally.verdict();
        } catch (UnusableEvidence unusable) {
            return Verdict.noEvidence(String.valueOf(unusable.getMessage()));
        }
    }
}
