package dev.nonevent.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.deployment.FakeStrategy;
import dev.nonevent.pipeline.gate.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReportFilesTest {

    private final Screen screen = new Screen();

    @TempDir
    Path home;

    @Test
    void everyRunLeavesThreeReportsInItsFolderAndNamesTheOneForPeopleLast() throws IOException {
        assertThat(run(Map.of())).isEqualTo(1);

        Path folder = onlyRun();
        assertThat(folder.resolve("report.html")).content().contains("Blocked by", "3 of 41 failed");
        assertThat(folder.resolve("report.json")).content().contains("\"outcome\" : \"blocked\"");
        assertThat(folder.resolve("junit.xml")).content().contains("<failure message=\"3 of 41 failed\"");
        assertThat(screen.err()).endsWith("\n report " + folder.resolve("report.html") + "\n");
    }

    @Test
    void moreAreWrittenWhereTheyAreWanted() {
        Path directory = home.resolve("out");

        run(
                Map.of(),
                "--report",
                "markdown=" + directory.resolve("run.md"),
                "--report=junit=" + directory.resolve("a=b.xml"));

        assertThat(directory.resolve("run.md")).content().startsWith("## ✘ shop: BLOCKED by unit tests\n");
        assertThat(directory.resolve("a=b.xml")).content().startsWith("<?xml");
    }

    @Test
    void oneThatCannotBeWrittenIsSaidAndChangesNothingElse() throws IOException {
        Path taken = Files.writeString(home.resolve("taken"), "a file");

        assertThat(run(Map.of(), "--report=html=" + taken.resolve("x.html"))).isEqualTo(1);

        assertThat(screen.err())
                .contains("the report " + taken.resolve("x.html") + " cannot be written: ")
                .contains("\n report " + onlyRun().resolve("report.html") + "\n");
        assertThat(onlyRun().resolve("junit.xml")).exists();
    }

    @Test
    void aWrongFormatOrFileIsSaidBeforeAnythingRuns() {
        for (String wrong : List.of("htm=x", "html", "html=", "json=\0")) {
            assertThat(run(Map.of(), "--report", wrong)).isEqualTo(64);
        }

        assertThat(screen.err())
                .contains(
                        "--report knows no format \"htm\"; there are html, json, junit, markdown; did you mean \"html\"?")
                .contains("--report html needs a file: --report html=FILE")
                .contains(" names no file: ");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void gitHubGetsASummaryOfTheRun() throws IOException {
        Path summary = Files.writeString(home.resolve("summary.md"), "what others wrote\n");

        run(Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString()));
        assertThat(summary).content().startsWith("what others wrote\n## ✘ shop: BLOCKED by unit tests\n");

        Files.writeString(summary, "");
        run(Map.of("GITHUB_STEP_SUMMARY", summary.toString()));
        assertThat(summary).isEmptyFile();
    }

    @Test
    void thePageShowsWhatTheDeliveryOfEachApplicationIsWorth() throws IOException {
        FakeStrategy<String> shop = FakeStrategy.of("shop", String.class);

        screen.main(home, p -> {
                    var build = p.stage("build").run(ctx -> "v1");
                    var tests = p.gate("tests").check(ctx -> Verdict.pass("all"));
                    p.stage("deploy").needs(build).requires(tests).deploy(shop);
                })
                .run();

        assertThat(onlyRun().resolve("report.html")).content().contains("<h2>Delivery of shop</h2>");
    }

    @Test
    void onGitHubNothingThatAGateSaysIsACommandNotEvenInTheResult() {
        screen.main(home, p -> p.gate("unit tests").check(ctx -> Verdict.block("##[add-mask]x")))
                .environment(Map.of("GITHUB_ACTIONS", "true"))
                .run();

        assertThat(screen.out()).contains("## [add-mask]x").doesNotContain("##[");
        assertThat(screen.err()).contains("## [add-mask]x");
    }

    private int run(Map<String, String> environment, String... arguments) {
        return screen.main(home, p -> p.gate("unit tests").check(ctx -> Verdict.block("3 of 41 failed")))
                .environment(environment)
                .run(arguments);
    }

    private Path onlyRun() throws IOException {
        try (Stream<Path> runs = Files.list(home.resolve("runs"))) {
            return runs.findFirst().orElseThrow().toAbsolutePath();
        }
    }
}
