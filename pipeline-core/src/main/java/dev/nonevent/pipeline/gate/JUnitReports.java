package dev.nonevent.pipeline.gate;

import dev.nonevent.pipeline.executor.CommandResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The verdict of JUnit XML reports, as Surefire, Gradle, pytest and most others write them.
 *
 * <pre>{@code
 * junit(ctx.tryExec("mvn", "-B", "test"), "target/surefire-reports/*.xml")
 * }</pre>
 *
 * <p>Any failed test blocks, whatever the exit code. Passing takes all of this: at least one report matches, each was
 * written since the command started, is a file of at most 50 MB that can be read to its end, at least one test was not
 * skipped, and the command exited 0. Anything less is no evidence. A test that failed and then passed when tried again
 * counts as passed and is named flaky in the sentence.
 */
public final class JUnitReports {

    private static final long MOST_BYTES = 50_000_000;

    private JUnitReports() {}

    /**
     * @param result the command that ran the tests
     * @param glob which files it wrote, relative to where it ran; {@code **} crosses directories
     * @throws IllegalArgumentException if the glob is none, or leaves the directory
     */
    public static Verdict junit(CommandResult result, String glob) {
        Evidence evidence = new Evidence(result, glob);
        try {
            TestTally tally = new TestTally();
            for (Path file : evidence.files(MOST_BYTES)) {
                try (InputStream bytes = evidence.open(file)) {
                    new JUnitXml(evidence.name(file), tally).read(bytes);
                } catch (IOException unreadable) {
                    throw new UnusableEvidence("report " + evidence.name(file) + " cannot be read: " + unreadable);
                }
            }
            return verdict(tally, result, glob);
        } catch (UnusableEvidence unusable) {
            return Verdict.noEvidence(String.valueOf(unusable.getMessage()));
        }
    }

    private static Verdict verdict(TestTally tally, CommandResult result, String glob) {
        if (tally.failures() > 0) {
            return tally.block();
        } else if (tally.tests() == 0) {
            return Verdict.noEvidence("no test ran: the reports " + glob + " in " + result.directory() + " hold none");
        } else if (tally.allSkipped()) {
            return Verdict.noEvidence("no test ran: the reports " + glob + " say that all "
                    + Words.count(tally.tests(), "test") + " were skipped");
        } else if (!result.succeeded()) {
            return Verdict.noEvidence(Words.line(result.line()) + " exited " + result.exitCode() + ", but the reports "
                    + glob + " know of no failure in " + Words.count(tally.tests(), "test"));
        }
        return Verdict.pass(tally.sentence());
    }
}
