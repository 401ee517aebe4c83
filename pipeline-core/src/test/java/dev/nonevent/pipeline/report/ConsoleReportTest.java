package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleReportTest {

    private static final ConsoleStyle PLAIN = new ConsoleStyle(false, false, false, 80, 24);

    private final StringBuilder out = new StringBuilder();

    @TempDir
    Path directory;

    @Test
    void aBlockedRunInPlainWords() {
        aBlockedRun(ConsoleReport.of(out, PLAIN));

        assertThat(out).hasToString("""
                shop  run 7f3c  (push main@abc1234)
                ● build  started  in this machine
                  │ compiling
                  │ done
                ✔ build  passed  48.2s  shop.jar
                ● unit tests  started  in this machine
                  │ Tests run: 41
                ✘ unit tests  BLOCKED  1m 12s  3 of 41 failed
                ○ deploy  skipped  needs unit tests

                ✘ unit tests  BLOCKED after 1m 12s   Shop.java:7
                  3 of 41 failed
                  in this machine
                    OrderIT.rejectsDoubleCharge: expected 409 but was 500
                  last lines (all 1)
                  │ Tests run: 41

                 Stage       Result      Time
                 build       passed     48.2s  shop.jar
                 unit tests  BLOCKED   1m 12s  3 of 41 failed
                 deploy      skipped           needs unit tests
                 2m 00s (wall clock, 2m 00s of work)   BLOCKED by unit tests   run 7f3c
                 to go on where it stopped: resume 7f3c
                """);
    }

    @Test
    void theSameRunForSomebodyWhoPushes() {
        aBlockedRun(ConsoleReport.brief(out));

        assertThat(out).hasToString("""
                shop run 7f3c
                ok   build  48.2s: shop.jar
                FAIL unit tests  1m 12s: 3 of 41 failed
                       OrderIT.rejectsDoubleCharge: expected 409 but was 500
                       declared at Shop.java:7
                --   deploy skipped: needs unit tests
                BLOCKED by unit tests  (run 7f3c, 2m 00s)
                """);
    }

    @Test
    void theSameRunForSomebodyWhoWantsQuiet() {
        aBlockedRun(ConsoleReport.quiet(out, ConsoleStyle.simplest()));

        assertThat(out).hasToString("""
                FAIL unit tests  BLOCKED after 1m 12s   Shop.java:7
                  3 of 41 failed
                  in this machine
                    OrderIT.rejectsDoubleCharge: expected 409 but was 500
                  last lines (all 1)
                  | Tests run: 41

                 Stage       Result      Time
                 build       passed     48.2s  shop.jar
                 unit tests  BLOCKED   1m 12s  3 of 41 failed
                 deploy      skipped           needs unit tests
                 2m 00s (wall clock, 2m 00s of work)   BLOCKED by unit tests   run 7f3c
                 to go on where it stopped: resume 7f3c
                """);
    }

    @Test
    void theLastLinesOfAServiceStandInTheFailureOfTheStageThatUsedIt() {
        aTestWithADeadDatabase(ConsoleReport.of(out, PLAIN));

        assertThat(out.toString()).contains("""
                ● service db  started for tests  in postgres:16
                ● service db  ready after 2.1s
                """, """
                ✘ tests  FAILED after 3.0s   Shop.java:7
                  connection reset
                  in this machine
                  service db exited 134; its last lines (all: db.log)
                  │ PANIC: checksum
                """);
    }

    @Test
    void somebodyWhoPushesSeesWhatTheServiceSaidLast() {
        aTestWithADeadDatabase(ConsoleReport.brief(out));

        assertThat(out.toString()).contains("""
                       service db exited 134
                         PANIC: checksum
                """);
    }

    private static void aTestWithADeadDatabase(ConsoleReport report) {
        new Story(report)
                .begins("tests")
                .starts("tests")
                .says("db", "tests", "exited 134", "PANIC: checksum")
                .ends("tests", new Outcome.Failed(Failure.of("connection reset")), "3S")
                .isOver(new Outcome.Failed(Failure.of("tests failed")));
    }

    @Test
    void aDeploymentSaysWhereTrafficIs() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("deploy")
                .starts("deploy")
                .deploys("deploy", "green is healthy")
                .deploys("deploy", "rolled back in 8ms; traffic is on blue")
                .after("3S")
                .ends("deploy", new Outcome.Failed(Failure.of("the judge saw 12 of 40 requests fail")), "3S")
                .isOver(new Outcome.Failed(Failure.of("deploy failed")));

        assertThat(out.toString())
                .contains(
                        " deploy  FAILED      3.0s  the judge saw 12 of 40 requests fail; rolled back in 8ms; traffic is on blue\n")
                .contains("● deploy: green is healthy\n");
    }

    @Test
    void thePusherReadsWhatADeploymentSays() {
        new Story(ConsoleReport.brief(out))
                .begins("deploy")
                .starts("deploy")
                .deploys("deploy", "traffic is on green")
                .ends("deploy", new Outcome.Passed("v2 is live"), "3S")
                .isOver(Outcome.passed());

        assertThat(out).hasToString("""
                shop run 7f3c
                     deploy: traffic is on green
                ok   deploy  3.0s: v2 is live
                passed  (run 7f3c, 0ms)
                """);
    }

    @Test
    void aNoteThatBelongsToNoStageIsAlwaysShown() {
        for (ConsoleReport report : java.util.List.of(
                ConsoleReport.of(out, PLAIN),
                ConsoleReport.quiet(out, PLAIN),
                ConsoleReport.brief(out),
                ConsoleReport.of(out, new ConsoleStyle(true, false, false, 80, 24)))) {
            out.setLength(0);
            new Story(report).begins("a").notes("onFinish failed\u001b[2J");

            assertThat(out.toString()).contains(" onFinish failed\n");
        }
    }

    @Test
    void aStoppedRunHasItsTableToo() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("build", "deploy<build")
                .starts("build")
                .after("2S")
                .ends("build", new Outcome.Aborted("interrupted"), "2S")
                .isOver(new Outcome.Aborted("interrupted"));

        assertThat(out.toString()).endsWith("""

                 Stage   Result      Time
                 build   ABORTED     2.0s  interrupted
                 deploy  not started
                 2.0s (wall clock, 2.0s of work)   ABORTED: interrupted   run 7f3c
                 to go on where it stopped: resume 7f3c
                """);
    }

    @Test
    void stagesSideBySideDoNotMixTheirLines() throws IOException {
        Path a = Files.writeString(directory.resolve("a.log"), "a1\na2\n");
        Path b = Files.writeString(directory.resolve("b.log"), "b1\nb2\n");
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("a", "b")
                .starts("a")
                .starts("b")
                .prints("a", "a1")
                .prints("b", "b1")
                .prints("a", "a2")
                .prints("b", "b2")
                .ends("b", Outcome.passed(), "1S", b)
                .ends("a", Outcome.passed(), "1S", a);

        assertThat(out.toString()).contains("  │ b1\n  │ b2\n✔ b", "  │ a1\n  │ a2\n✔ a");
    }

    @Test
    void aLogThatIsGoneIsReplacedByTheLastLinesAndSaysSo() {
        Story story = new Story(ConsoleReport.of(out, PLAIN)).begins("a").starts("a");
        IntStream.range(0, 100).forEach(i -> story.prints("a", "line " + i));
        story.ends("a", Outcome.passed(), "1S", directory.resolve("gone.log"));

        assertThat(out.toString())
                .contains("  │ the last 20 of 100 lines\n  │ line 80\n")
                .doesNotContain("line 79");
    }

    @Test
    void whatTheDetailsHaveShownIsNotShownAgain() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("a")
                .starts("a")
                .prints("a", "first", "last")
                .ends("a", Story.blocked("mvn exited 1", "first", "last"), "1S", Path.of("home/a.log"))
                .isOver(Story.blocked("a"));

        assertThat(out.toString()).contains("    first\n    last\n  all it printed (all 2: home/a.log)\n\n Stage");
    }

    @Test
    void aSilentStageGivesASignOfLifeEachHalfMinute() {
        ConsoleReport report = ConsoleReport.of(out, PLAIN);
        Story story = new Story(report).begins("a").starts("a").after("20S").prints("a", "x");
        out.setLength(0);

        report.tick(story.after("9S").now());
        assertThat(out).isEmpty();
        report.tick(story.after("1S").now());
        report.tick(story.after("1S").now());
        assertThat(out).hasToString("● a  30.0s, last output 10.0s ago\n");
    }

    @Test
    void textFromOutsideCannotDriveTheTerminal() {
        String hostile = "\u001b[2J\u001b]0;title\u0007red\u001b[31m \u202etxt.exe\u0008\u009b5n";
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("a")
                .starts("a")
                .prints("a", hostile)
                .deploys("a", hostile)
                .ends("a", Story.blocked(hostile, hostile), "1S")
                .isOver(Story.blocked(hostile));
        aBlockedRun(ConsoleReport.brief(out));

        assertThat(out.toString().codePoints())
                .noneMatch(point -> point != '\n'
                        && (Character.getType(point) == Character.CONTROL
                                || Character.getType(point) == Character.FORMAT));
        assertThat(out.toString()).contains("  │ red <U+202E>txt.exe<U+0008>\n");
    }

    @Test
    void asciiIsAsciiWhateverComes() {
        Story story = new Story(ConsoleReport.of(out, ConsoleStyle.simplest())).begins("prüfen");
        story.starts("prüfen").prints("prüfen", "✔ 日本").ends("prüfen", Story.blocked("schlecht – ja"), "1S");
        story.isOver(Story.blocked("x"));

        assertThat(out.toString().chars()).allMatch(c -> c < 128);
        assertThat(out.toString()).contains("FAIL pr?fen  BLOCKED");
    }

    @Test
    void colourIsWrittenOnlyWhereItIsWanted() {
        aBlockedRun(ConsoleReport.of(out, new ConsoleStyle(false, true, false, 80, 24)));

        assertThat(out.toString()).contains("\u001b[32m✔\u001b[0m build", "\u001b[31mBLOCKED\u001b[0m by unit tests");
    }

    @Test
    void aBrokenOutputIsSaidToTheRun() {
        Appendable broken = new StringBuilderThatBreaks();

        assertThatThrownBy(() -> new Story(ConsoleReport.of(broken, PLAIN)).begins("a"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the pipe is closed");
    }

    static void aBlockedRun(ConsoleReport report) {
        new Story(report)
                .begins("build", "unit tests<build", "deploy<build,unit tests")
                .starts("build")
                .prints("build", "compiling", "done")
                .after("48.2S")
                .ends("build", new Outcome.Passed("shop.jar"), "48.2S")
                .starts("unit tests")
                .prints("unit tests", "Tests run: 41")
                .after("1M12S")
                .ends(
                        "unit tests",
                        Story.blocked("3 of 41 failed", "OrderIT.rejectsDoubleCharge: expected 409 but was 500"),
                        "1M12S")
                .skips("deploy", "needs unit tests")
                .isOver(Story.blocked("unit tests"));
    }

    private static final class StringBuilderThatBreaks implements Appendable {

        @Override
        public Appendable append(CharSequence text) throws IOException {
            throw new IOException("the pipe is closed");
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) throws IOException {
            throw new IOException("the pipe is closed");
        }

        @Override
        public Appendable append(char text) throws IOException {
            throw new IOException("the pipe is closed");
        }
    }

    @Test
    void whatKeepsAStageFromGoingOnIsSaidInALineEach() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("it", "deploy<it")
                .triesAgain("it", 1, Story.blocked("3 of 41 failed"), "2S")
                .waitsForLock("it", "database", "run 7f3b, stage it")
                .waitsForApproval("deploy", "ops")
                .isAnswered("deploy", "ana", "not on a Friday", false);

        assertThat(out).hasToString("""
                shop  run 7f3c  (push main@abc1234)
                ● it: attempt 1 BLOCKED, 3 of 41 failed; the next one in 2.0s
                ● it: waits for the lock database, held by run 7f3b, stage it
                ● deploy: waits for approval by ops of sha256:0a1b: approve 7f3c deploy
                ● deploy: rejected by ana, "not on a Friday"
                """);
    }

    @Test
    void theLastLinesAreThoseOfTheLastAttempt() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("it")
                .starts("it")
                .prints("it", "first try")
                .triesAgain("it", 1, Story.blocked("no"), "2S")
                .prints("it", "second try")
                .ends("it", Story.blocked("3 of 41 failed"), "10S")
                .isOver(Story.blocked("it"));

        assertThat(out.substring(out.indexOf("last lines")))
                .contains("second try")
                .doesNotContain("first try");
    }

    @Test
    void aLastAttemptThatPrintedNothingHasItsFailureShownToo() {
        new Story(ConsoleReport.of(out, PLAIN))
                .begins("it")
                .starts("it")
                .prints("it", "first try")
                .triesAgain("it", 1, Story.blocked("no"), "2S")
                .ends("it", Story.blocked("3 of 41 failed"), "10S")
                .isOver(Story.blocked("it"));

        assertThat(out.toString()).contains("  3 of 41 failed\n  in this machine\n  all it printed (all 1)\n");
    }
}
