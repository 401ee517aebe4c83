package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleHostTest {

    private static final Pattern STOPPED = Pattern.compile("(?m)^::stop-commands::(.+)$");

    private final StringBuilder out = new StringBuilder();

    @TempDir
    Path folder;

    @Test
    void onGitHubAStageThatPassedIsFoldedAndOneThatFailedIsOpenAndShownAtItsLine() {
        ConsoleReportTest.aBlockedRun(report(ConsoleHost.GITHUB));

        WorkflowRunner runner = WorkflowRunner.reading(out.toString());
        assertThat(runner.commands)
                .containsExactly(
                        "::group::✔ build  passed  48.2s  shop.jar",
                        "::endgroup::",
                        "::error file=Shop.java,line=7,title=unit tests BLOCKED::3 of 41 failed");
        assertThat(runner.text)
                .containsSubsequence(
                        "  │ compiling",
                        "  │ done",
                        "  │ Tests run: 41",
                        "✘ unit tests  BLOCKED  1m 12s  3 of 41 failed")
                .containsSubsequence("✘ unit tests  BLOCKED after 1m 12s   Shop.java:7", "  3 of 41 failed");
        assertThat(out.toString().indexOf("BLOCKED after"))
                .as("what failed is told behind every fold")
                .isGreaterThan(out.toString().lastIndexOf("::endgroup::"));
    }

    @Test
    void onGitHubNothingThatIsPrintedIsACommand() {
        String[] hostile = {
            "::add-mask::x",
            "  ::set-output name=a::b",
            "x ##[add-mask]y",
            "##[error]",
            "::endgroup::",
            "::stop-commands::mine",
            "::mine::",
            "\u001b[0m::error::x",
            "a\r::error::x",
            "a\u2028::error::x",
            "\u200d::error::x"
        };
        Story story = new Story(report(ConsoleHost.GITHUB)).begins(hostile);
        for (String each : hostile) {
            story.starts(each)
                    .prints(each, hostile)
                    .deploys(each, each)
                    .triesAgain(each, 1, Story.blocked(each), "1S")
                    .says(each, each, each, hostile)
                    .notes(each)
                    .ends(each, Story.blocked(each + "\n" + each, hostile), "1S");
        }
        story.isOver(Story.blocked(each(hostile)));

        WorkflowRunner runner = WorkflowRunner.reading(out.toString());
        assertThat(runner.isStopped()).isFalse();
        assertThat(runner.commands)
                .hasSize(hostile.length)
                .allMatch(command -> command.startsWith("::error file=Shop.java,line=7,title="));
    }

    private static String each(String... lines) {
        return String.join("\n", lines);
    }

    @Test
    void theWordThatLetsCommandsInAgainIsNewEachTimeAndSaid() {
        new FullRun(folder).tell(report(ConsoleHost.GITHUB));

        List<String> words =
                STOPPED.matcher(out).results().map(result -> result.group(1)).toList();
        assertThat(words).hasSize(4).doesNotHaveDuplicates().allMatch(word -> word.length() >= 32);
        assertThat(words).allSatisfy(word -> assertThat(out).contains("\n::" + word + "::\n"));
    }

    @Test
    void whatAnAnnotationSaysCannotEndItOrAddToIt() {
        new Story(report(ConsoleHost.GITHUB))
                .begins("a")
                .starts("a,line=9::x")
                .ends("a,line=9::x", Story.blocked("100%\nfile=b"), "1S")
                .isOver(Story.blocked("no"));

        assertThat(WorkflowRunner.reading(out.toString()).commands)
                .containsExactly("::error file=Shop.java,line=7,title=a%2Cline=9%3A%3Ax BLOCKED::100%25%0Afile=b");
    }

    @Test
    void aFlakyStageIsAWarningOnGitHub() {
        new FullRun(folder).tell(report(ConsoleHost.GITHUB));

        assertThat(WorkflowRunner.reading(out.toString()).commands)
                .contains("::warning file=Shop.java,line=7,title=security scan flaky::0 findings of high or worse");
    }

    @Test
    void onGitLabWhatAStagePrintedIsASectionFoldedIfItPassed() {
        ConsoleReportTest.aBlockedRun(report(ConsoleHost.GITLAB));

        long start = Story.START.getEpochSecond();
        String clear = "\u001b[0K";
        assertThat(out.toString())
                .contains(clear + "section_start:" + start + ":nonevent_1[collapsed=true]\r" + clear
                        + "✔ build  passed  48.2s  shop.jar\n  │ compiling\n  │ done\n"
                        + clear + "section_end:" + (start + 48) + ":nonevent_1\r" + clear + "\n")
                .contains(clear + "section_start:" + (start + 48) + ":nonevent_2\r" + clear
                        + "output of unit tests\n  │ Tests run: 41\n"
                        + clear + "section_end:" + (start + 120) + ":nonevent_2\r" + clear + "\n"
                        + "✘ unit tests  BLOCKED  1m 12s  3 of 41 failed\n");
    }

    @Test
    void onGitLabNobodyElseBeginsOrEndsASection() {
        String end = "\u001b[0Ksection_end:1:nonevent_1\r\u001b[0K";
        new Story(report(ConsoleHost.GITLAB))
                .begins("a")
                .starts("a")
                .prints("a", end, "section_start:1:x\r\u001b[0Kmine", "\u009b0Ksection_start:1:x\r")
                .ends("a", new Outcome.Passed(end), "1S")
                .notes(end)
                .isOver(Outcome.passed());

        Pattern section = Pattern.compile("section_(start|end):[0-9]+:[A-Za-z0-9_.-]+(\\[[^]]*])?\r\u001b\\[0K");
        assertThat(section.matcher(out).results().map(MatchResult::group).toList())
                .hasSize(2);
    }

    @Test
    void whatIsPrintedIsNoCommandToAzureAndTeamCityEither() {
        String hostile = "x ##vso[task.setvariable variable=a]b ##teamcity[buildStop comment='x'] ##[section]";
        for (ConsoleHost host : List.of(ConsoleHost.AZURE, ConsoleHost.TEAMCITY)) {
            out.setLength(0);
            new Story(report(host))
                    .begins("a")
                    .starts("a")
                    .prints("a", hostile)
                    .ends("a", Story.blocked(hostile, hostile), "1S")
                    .notes(hostile)
                    .isOver(Story.blocked(hostile));

            assertThat(out.toString())
                    .contains(
                            "  │ x ## vso[task.setvariable variable=a]b ## teamcity[buildStop comment='x'] ## [section]\n")
                    .doesNotContain("##vso[", "##teamcity[", "##[");
        }
    }

    @Test
    void theHostIsKnownByItsVariables() {
        assertThat(style(Map.of("GITHUB_ACTIONS", "true", "CI", "true")))
                .extracting(ConsoleStyle::host, ConsoleStyle::colour, ConsoleStyle::live)
                .containsExactly(ConsoleHost.GITHUB, true, false);
        assertThat(style(Map.of("GITLAB_CI", "true", "CI", "true")))
                .extracting(ConsoleStyle::host, ConsoleStyle::colour, ConsoleStyle::live)
                .containsExactly(ConsoleHost.GITLAB, true, false);
        assertThat(style(Map.of("JENKINS_URL", "x", "CI", "true")))
                .extracting(ConsoleStyle::host, ConsoleStyle::colour, ConsoleStyle::live)
                .containsExactly(ConsoleHost.NONE, false, false);
        assertThat(style(Map.of("TF_BUILD", "True")).host()).isEqualTo(ConsoleHost.AZURE);
        assertThat(style(Map.of("TEAMCITY_VERSION", "2026.1")).host()).isEqualTo(ConsoleHost.TEAMCITY);
        assertThat(style(Map.of("GITHUB_ACTIONS", "true", "NO_COLOR", "1")).colour())
                .isFalse();
        assertThat(style(Map.of("GITHUB_ACTIONS", "true", "TERM", "dumb")).colour())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3 of 41 failed: OrderTest::refunds", "# a title", "a::b", "http://x", ""})
    void whatIsNoCommandStaysAsItIs(String line) {
        assertThat(ConsoleHost.GITHUB.inert(line)).isEqualTo(line);
        assertThat(ConsoleHost.NONE.inert("##[x]::error::")).isEqualTo("##[x]::error::");
    }

    private ConsoleReport report(ConsoleHost host) {
        return ConsoleReport.of(out, new ConsoleStyle(false, false, false, 80, 24, host));
    }

    private static ConsoleStyle style(Map<String, String> environment) {
        return ConsoleStyle.choose(ConsoleMode.AUTO, environment, true, StandardCharsets.UTF_8);
    }
}
