package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.outcome.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkdownReportTest {

    private static final int MIB = 1024 * 1024;

    @TempDir
    Path folder;

    @Test
    void aBlockedRun() {
        blocked(MarkdownReport.inRunFolder(), "rejectsDoubleCharge: 500");

        assertThat(folder.resolve("report.md")).hasContent("""
                ## ✘ shop: BLOCKED by unit tests

                Run 7f3c, push main@abc1234, 1.5s (3.5s of work)

                | Stage | Result | Time | |
                |---|---|--:|---|
                | build | ✔ passed | 1.5s | shop.jar |
                | unit tests | ✘ BLOCKED | 2.0s | 3 of 41 failed |
                | deploy | ○ skipped |  | needs unit tests |

                ### unit tests

                3 of 41 failed \s
                Declared at Shop.java:7

                ```text
                rejectsDoubleCharge: 500
                ```

                <details><summary>the last 1 of 1 lines</summary>

                ```text
                Tests run: 41
                ```

                </details>

                - a hook failed
                """);
    }

    @Test
    void aFenceIsLongerThanAnythingInItAndSignsAreOnlySigns() throws IOException {
        blocked(MarkdownReport.inRunFolder(), "````\n# <b>not a title</b>");

        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("\n`````text\n```` # <b>not a title</b>\n`````\n");
        new FullRun(folder).tell(MarkdownReport.inRunFolder());
        assertThat(Files.readString(folder.resolve("report.md")))
                .contains("| security scan | ✔ passed, flaky | ")
                .contains("| \\<b onclick=x\\>\"\\]\\]\\>\\&amp; ::error::x | ")
                .contains("onFinish failed: \\<script\\>alert\\('x'\\)");
    }

    @Test
    void theSummaryOfGitHubKeepsWhatOthersWroteAndNeverGrowsBeyondAMebibyte() throws IOException {
        Path summary = Files.writeString(folder.resolve("summary.md"), "x".repeat(MIB - 1000) + "\n");

        blocked(MarkdownReport.appendedTo(summary), "y".repeat(5000));

        assertThat(Files.size(summary)).isLessThanOrEqualTo(MIB);
        assertThat(Files.readString(summary))
                .startsWith("xxx")
                .contains("x\n## ✘ shop: BLOCKED by unit tests\n")
                .endsWith("\n*There was no room for all of it.*\n");
    }

    @Test
    void aSummaryThatIsFullStaysAsItIs() throws IOException {
        Path summary = Files.writeString(folder.resolve("summary.md"), "x".repeat(MIB - 10));

        blocked(MarkdownReport.appendedTo(summary), "y");

        assertThat(Files.size(summary)).isEqualTo(MIB - 10);
    }

    @Test
    void whatHasNoRoomIsLeftOutAsAWhole() throws IOException {
        Story story = new Story(MarkdownReport.inRunFolder(), folder).begins();
        IntStream.range(0, 400)
                .forEach(i -> story.starts("s" + i)
                        .ends(
                                "s" + i,
                                Story.blocked(
                                        "no",
                                        IntStream.range(0, 40)
                                                .mapToObj(line -> "z".repeat(200))
                                                .toArray(String[]::new)),
                                "1S"));
        story.isOver(Story.blocked("no"));

        String report = Files.readString(folder.resolve("report.md"));
        assertThat(report.length()).isBetween(MIB - 20_000, MIB);
        assertThat(report.lines().filter("```"::equals).count())
                .as("every fence is closed")
                .isEqualTo(report.lines().filter("```text"::equals).count());
    }

    private void blocked(RunListener report, String detail) {
        new Story(report, folder)
                .begins("build", "unit tests<build", "deploy<unit tests")
                .starts("build")
                .after("1.5S")
                .ends("build", new Outcome.Passed("shop.jar"), "1.5S")
                .starts("unit tests")
                .prints("unit tests", "Tests run: 41")
                .ends("unit tests", Story.blocked("3 of 41 failed", detail), "2S")
                .skips("deploy", "needs unit tests")
                .notes("a hook failed")
                .isOver(Story.blocked("unit tests"));
    }
}
