package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveViewTest {

    private static final ConsoleStyle RICH = new ConsoleStyle(true, false, false, 80, 24);

    private final Terminal terminal = new Terminal();

    @Test
    void whatEndedScrollsAwayAboveWhatRunsAndWhatWaits() {
        new Story(ConsoleReport.of(terminal, RICH))
                .begins("build", "unit tests<build", "scan<build", "deploy<build,unit tests,scan")
                .starts("build")
                .after("1.5S")
                .ends("build", new Outcome.Passed("shop.jar"), "1.5S")
                .starts("unit tests")
                .starts("scan")
                .after("2S")
                .prints("unit tests", "214 tests so far");

        assertThat(terminal.screen()).isEqualTo("""
                shop  run 7f3c  (push main@abc1234)
                 ✔ build                          1.5s  shop.jar
                 ● unit tests                     2.0s  214 tests so far
                 ● scan                           2.0s
                 ○ deploy                               waits for unit tests, scan
                 1 of 4   3.5s
                """);
    }

    @Test
    void whoeverWaitsForAPersonOrALockSaysSoUntilItIsThere() {
        Story story = new Story(ConsoleReport.of(terminal, RICH))
                .begins("it", "deploy")
                .waitsForLock("it", "database", "run 7f3b, stage it")
                .waitsForApproval("deploy", "ops");

        assertThat(terminal.screen())
                .contains(" ○ it                                   waits for the lock database\n")
                .contains(" ○ deploy                               waits for approval by ops\n");

        story.isAnswered("deploy", "ana", "", true);

        assertThat(terminal.screen()).contains(" ○ deploy\n").doesNotContain(" ○ deploy   ");
    }

    @Test
    void atTheEndOnlyWhatStaysIsThere() {
        ConsoleReportTest.aBlockedRun(ConsoleReport.of(terminal, RICH));

        assertThat(terminal.screen()).isEqualTo("""
                shop  run 7f3c  (push main@abc1234)
                 ✔ build                         48.2s  shop.jar
                ✘ unit tests  BLOCKED after 1m 12s   Shop.java:7
                  3 of 41 failed
                  in this machine
                    OrderIT.rejectsDoubleCharge: expected 409 but was 500
                  last lines (all 1)
                  │ Tests run: 41
                 ○ deploy                      skipped  needs unit tests

                 Stage       Result      Time
                 build       passed     48.2s  shop.jar
                 unit tests  BLOCKED   1m 12s  3 of 41 failed
                 deploy      skipped           needs unit tests
                 2m 00s (wall clock, 2m 00s of work)   BLOCKED by unit tests   run 7f3c
                 to go on where it stopped: resume 7f3c
                """);
    }

    @Test
    void aHundredStagesFitIntoASmallTerminal() {
        ConsoleStyle small = new ConsoleStyle(true, false, false, 40, 10);
        String[] names = IntStream.range(0, 100)
                .mapToObj(i -> "stage with a rather long name indeed " + i)
                .toArray(String[]::new);
        Story story = new Story(ConsoleReport.of(terminal, small)).begins(names);
        for (String name : names) {
            story.starts(name).after("1S").prints(name, "日本語".repeat(50));
        }

        assertThat(terminal.mostRedrawn).isBetween(2, 6);
        assertThat(terminal.screen()).contains("   and 96 more\n");
        assertThat(terminal.lines)
                .allSatisfy(line -> assertThat(CleanText.columns(line)).isLessThan(40));
    }

    @Test
    void aTerminalNarrowerThanAnybodySaidIsRedrawnWithoutRemains() {
        terminal.columns = 30;
        Story story = new Story(ConsoleReport.of(terminal, RICH)).begins("a").starts("a");

        story.after("1S").prints("a", "a line that is much longer than this terminal is wide");
        story.after("1S").prints("a", "another one that is much longer than this terminal is wide");

        assertThat(terminal.lines).hasSize(4).last().isEqualTo(" 0 of 1   2.0s");
        assertThat(String.join("", terminal.lines)).containsOnlyOnce("0 of 1");
    }

    @Test
    void aFloodOfOutputIsNotAFloodOfRedraws() {
        Story story = new Story(ConsoleReport.of(terminal, RICH)).begins("a").starts("a");
        int before = terminal.redraws;
        IntStream.range(0, 10_000).forEach(i -> story.after("0.0001S").prints("a", "line " + i));

        assertThat(terminal.redraws - before).isBetween(9, 11);
    }

    @Test
    void timeGoesOnWhenNothingHappens() {
        ConsoleReport report = ConsoleReport.of(terminal, RICH);
        Story story = new Story(report).begins("a").starts("a").after("7S");
        report.tick(story.now());

        assertThat(terminal.screen()).contains(" ● a                              7.0s\n 0 of 1   7.0s\n");
    }

    @Test
    void afterTheEndATickDrawsNothing() {
        ConsoleReport report = ConsoleReport.of(terminal, RICH);
        Story story = new Story(report)
                .begins("a")
                .starts("a")
                .ends("a", Outcome.passed(), "1S")
                .isOver(Outcome.passed());
        String end = terminal.screen();
        report.tick(story.after("7S").now());

        assertThat(terminal.screen()).isEqualTo(end);
    }

    /** Understands what the live view writes: lines, cut or wrapped, and one sequence that goes up and erases below. */
    private static final class Terminal implements Appendable {

        private static final Pattern ERASE = Pattern.compile("\u001b\\[(\\d+)A\r\u001b\\[J");
        private final List<String> lines = new ArrayList<>();
        private int mostRedrawn;
        private int redraws;
        private int columns = 1_000;
        private boolean wraps = true;

        @Override
        public Appendable append(CharSequence text) {
            Matcher erase = ERASE.matcher(text);
            if (text.toString().equals("\u001b[?7l")) {
                wraps = false;
            } else if (text.toString().equals("\u001b[?7h")) {
                wraps = true;
            } else if (erase.matches()) {
                int up = Integer.parseInt(erase.group(1));
                mostRedrawn = Math.max(mostRedrawn, up);
                redraws++;
                lines.subList(lines.size() - up, lines.size()).clear();
            } else {
                assertThat(text.toString()).endsWith("\n").doesNotContain("\u001b", "\r");
                add(text.toString().substring(0, text.length() - 1));
            }
            return this;
        }

        private void add(String line) {
            String rest = line;
            while (wraps && rest.length() > columns) {
                lines.add(rest.substring(0, columns));
                rest = rest.substring(columns);
            }
            lines.add(rest.substring(0, Math.min(columns, rest.length())));
        }

        @Override
        public Appendable append(CharSequence text, int start, int end) {
            return append(text.subSequence(start, end));
        }

        @Override
        public Appendable append(char text) {
            return append(String.valueOf(text));
        }

        private String screen() {
            return String.join("\n", lines) + "\n";
        }
    }
}
