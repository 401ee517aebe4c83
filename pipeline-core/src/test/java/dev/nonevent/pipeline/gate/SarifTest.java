package dev.nonevent.pipeline.gate;

import static dev.nonevent.pipeline.gate.Sarif.sarif;
import static dev.nonevent.pipeline.gate.Severity.CRITICAL;
import static dev.nonevent.pipeline.gate.Severity.HIGH;
import static dev.nonevent.pipeline.gate.Severity.LOW;
import static dev.nonevent.pipeline.gate.Severity.MEDIUM;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SarifTest {

    private static final String GLOB = "target/*.sarif.json";
    private static final String FILE = "target/spotbugs.sarif.json";

    private Reports reports;

    @BeforeEach
    void aCommandStarts(@TempDir Path directory) throws IOException {
        reports = new Reports(directory);
    }

    private static String log(String run) {
        return "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"Scan\",\"rules\":["
                + "{\"id\":\"SQL\",\"defaultConfiguration\":{\"level\":\"error\"}},"
                + "{\"id\":\"XXE\",\"properties\":{\"security-severity\":\"9.8\"}},"
                + "{\"id\":\"BAD\",\"properties\":{\"security-severity\":\"9,8\"}},"
                + "{\"id\":\"NONE\",\"properties\":{\"security-severity\":\"\"}}]}}" + run + "}]}";
    }

    private static String results(String... results) {
        return log(",\"results\":[" + String.join(",", results) + "]");
    }

    private Verdict verdict(String text, Severity least) throws IOException {
        reports.with(FILE, text);
        return sarif(reports.exited(0), GLOB).blockFrom(least);
    }

    @Test
    void emptyResultsAreClean() throws IOException {
        assertThat(verdict(results(), LOW)).isEqualTo(Verdict.pass("Scan: no finding of severity low or worse"));
    }

    @Test
    void findingBlocksWithRulePlaceAndMessage() throws IOException {
        Verdict verdict = verdict(
                results(
                        "{\"ruleId\":\"SQL\",\"message\":{\"text\":\"query is built\\nfrom input\"},\"locations\":[{\"physicalLocation\":"
                                + "{\"artifactLocation\":{\"uri\":\"src/Shop.java\"},\"region\":{\"startLine\":12}}},"
                                + "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"other\"}}}]}"),
                HIGH);

        assertThat(verdict)
                .isEqualTo(Verdict.block(
                        "Scan: 1 finding of severity high or worse",
                        List.of("high SQL src/Shop.java:12: query is built")));
    }

    @ParameterizedTest
    @CsvSource({
        "error, HIGH, true",
        "error, CRITICAL, false",
        "warning, MEDIUM, true",
        "warning, HIGH, false",
        "note, LOW, true",
        "note, MEDIUM, false",
        "none, LOW, false"
    })
    void levelsAreSeverities(String level, Severity least, boolean blocks) throws IOException {
        Verdict verdict = verdict(results("{\"level\":\"" + level + "\",\"message\":{\"text\":\"m\"}}"), least);

        assertThat(verdict instanceof Verdict.Block).isEqualTo(blocks);
    }

    @ParameterizedTest
    @CsvSource({"9.8, CRITICAL", "9.0, CRITICAL", "7, HIGH", "8.9, HIGH", "4.0, MEDIUM", "0.1, LOW"})
    void scoresAreSeveritiesAndWinOverLevels(String score, Severity severity) throws IOException {
        String text =
                results("{\"level\":\"note\",\"properties\":{\"security-severity\":\"" + score + "\"},\"message\":{}}");

        assertThat(verdict(text, severity)).isInstanceOf(Verdict.Block.class);
        if (severity != CRITICAL) {
            assertThat(verdict(text, Severity.values()[severity.ordinal() + 1])).isInstanceOf(Verdict.Pass.class);
        }
    }

    @Test
    void levelAndScoreOfTheRuleCountEvenIfTheRuleStandsBehindTheResults() throws IOException {
        String late =
                "{\"version\":\"2.1.0\",\"runs\":[{\"results\":[{\"ruleId\":\"A/1\"},{\"ruleIndex\":1},{\"rule\":{\"id\":\"C\"}}],"
                        + "\"tool\":{\"driver\":{\"name\":\"Scan\",\"rules\":[{\"id\":\"A\",\"defaultConfiguration\":{\"level\":\"error\"}},"
                        + "{\"id\":\"B\",\"properties\":{\"security-severity\":7.5}}]},"
                        + "\"extensions\":[{\"name\":\"E\",\"rules\":[{\"id\":\"C\",\"defaultConfiguration\":{\"level\":\"error\"}}]}]}}]}";

        assertThat(verdict(late, HIGH).sentence()).isEqualTo("Scan: 3 findings of severity high or worse");
    }

    @Test
    void findingWithoutAnyLevelIsAWarning() throws IOException {
        String text = results("{\"ruleId\":\"unheard of\"}");

        assertThat(verdict(text, MEDIUM)).isInstanceOf(Verdict.Block.class);
        assertThat(verdict(text, HIGH)).isEqualTo(Verdict.pass("Scan: no finding of severity high or worse, 1 milder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BAD", "NONE"})
    void scoreThatIsNoNumberBlocks(String rule) throws IOException {
        assertThat(verdict(results("{\"ruleId\":\"" + rule + "\",\"level\":\"note\"}"), CRITICAL))
                .isInstanceOfSatisfying(
                        Verdict.Block.class,
                        block -> assertThat(block.lines().get(0)).startsWith("unknown severity"));
    }

    @Test
    void onlyKindFailThatIsStillThereCounts() throws IOException {
        String text = results(
                "{\"kind\":\"pass\",\"ruleId\":\"SQL\"}",
                "{\"kind\":\"review\",\"ruleId\":\"SQL\"}",
                "{\"baselineState\":\"absent\",\"ruleId\":\"SQL\"}");

        assertThat(verdict(text, LOW)).isEqualTo(Verdict.pass("Scan: no finding of severity low or worse"));
    }

    @Test
    void suppressedFindingsAreCountedApart() throws IOException {
        String text = results(
                "{\"ruleId\":\"SQL\",\"suppressions\":[{\"kind\":\"inSource\"},{\"kind\":\"external\",\"status\":\"accepted\"}]}");

        assertThat(verdict(text, LOW))
                .isEqualTo(Verdict.pass("Scan: no finding of severity low or worse, 1 suppressed"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "[{\"status\":\"rejected\"}]",
                "[{\"status\":\"accepted\"},{\"status\":\"underReview\"}]",
                "[{\"status\":\"accepted\"},{\"status\":\"whatever\"}]"
            })
    void suppressionIsAllOrNothing(String suppressions) throws IOException {
        assertThat(verdict(results("{\"ruleId\":\"SQL\",\"suppressions\":" + suppressions + "}"), HIGH))
                .isInstanceOf(Verdict.Block.class);
    }

    @Test
    void manyFindingsAreNamedUpToTwenty() throws IOException {
        String[] many =
                IntStream.range(0, 57).mapToObj(it -> "{\"ruleId\":\"SQL\"}").toArray(String[]::new);

        assertThat(verdict(results(many), HIGH))
                .isInstanceOfSatisfying(
                        Verdict.Block.class,
                        block -> assertThat(block.lines()).hasSize(21).endsWith("and 37 more"));
    }

    @Test
    void messagesAndPlacesAreShownHarmless() throws IOException {
        String text = results(
                "{\"ruleId\":\"SQL\",\"message\":{\"text\":\"\\u001b[2J\\u202e<b>\"},\"locations\":[{\"physicalLocation\":"
                        + "{\"artifactLocation\":{\"uri\":\"file://../../etc/passwd\"}}}]}");

        assertThat(verdict(text, HIGH))
                .isInstanceOfSatisfying(
                        Verdict.Block.class,
                        block -> assertThat(block.lines())
                                .containsExactly("high SQL file://../../etc/passwd: \\u001b[2J\\u202e<b>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "Downloading database...\n{\"version\":\"2.1.0\"}",
                "{\"version\":\"2.1.0\"}",
                "{\"version\":\"2.1.0\",\"runs\":[]}",
                "{\"version\":\"2.1.0\",\"runs\":null}",
                "{\"version\":\"2.1.0\",\"runs\":{}}",
                "{\"version\":\"2.1.0\",\"runs\":[7]}",
                "{\"version\":\"2.0.0\",\"runs\":[]}",
                "{\"version\":2.1,\"runs\":[]}",
                "{\"runs\":[{\"tool\":{\"driver\":{\"name\":\"S\"}},\"results\":[]}]}",
                "{\"version\":\"2.1.0\",\"runs\":[{\"results\":[]}]}",
                "{\"version\":\"2.1.0\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"S\"}},\"results\":[]}]}",
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"S\"}},\"results\":[]}]} {}",
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"S\",\"rules\":[1]}},\"results\":[]}]}"
            })
    void reportThatCannotBeBelievedIsNoEvidenceAndNamed(String text) throws IOException {
        assertThat(verdict(text, HIGH))
                .isInstanceOfSatisfying(
                        Verdict.NoEvidence.class,
                        none -> assertThat(none.sentence()).contains(FILE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"results\":null",
                ",\"results\":{}",
                ",\"results\":[null]",
                ",\"results\":[],\"invocations\":[{\"executionSuccessful\":true},{\"executionSuccessful\":false}]",
                ",\"results\":[{\"level\":\"fatal\"}]",
                ",\"results\":[{\"kind\":\"boom\"}]"
            })
    void runThatDidNotAnalyseIsNoEvidence(String run) throws IOException {
        assertThat(verdict(log(run), HIGH))
                .isInstanceOfSatisfying(
                        Verdict.NoEvidence.class,
                        none -> assertThat(none.sentence()).contains(FILE));
    }

    @Test
    void otherVersionIsNamed() throws IOException {
        assertThat(verdict("{\"version\":\"2.0.0\"}", HIGH).sentence())
                .contains("version 2.0.0")
                .contains("2.1.0");
    }

    @Test
    void depthBombIsNoEvidence() throws IOException {
        assertThat(verdict("{\"version\":\"2.1.0\",\"x\":" + "[".repeat(100_000), HIGH))
                .isInstanceOf(Verdict.NoEvidence.class);
    }

    @Test
    void moreResultsThanCanBeHeldAreNoEvidence() throws IOException {
        String many = IntStream.rangeClosed(0, SarifRun.MOST_RESULTS)
                .mapToObj(it -> "{}")
                .collect(Collectors.joining(","));

        assertThat(verdict(results(many), HIGH).sentence()).contains("more than 100000 results");
    }

    @Test
    void hugeReportIsNotRead() throws IOException {
        reports.with(FILE, "{");
        try (var file = new java.io.RandomAccessFile(reports.file(FILE).toFile(), "rw")) {
            file.setLength(100_000_001);
        }

        assertThat(sarif(reports.exited(0), GLOB).blockFrom(HIGH).sentence()).contains("100000001 bytes");
    }

    @Test
    void reportCutOffAnywhereIsNoEvidence() throws IOException {
        byte[] whole = results("{\"ruleId\":\"XXE\",\"message\":{\"text\":\"m\"}}", "{\"ruleId\":\"SQL\"}")
                .getBytes(StandardCharsets.UTF_8);
        List<Integer> believed = new ArrayList<>();

        for (int length = 0; length < whole.length; length++) {
            reports.with(FILE, Arrays.copyOf(whole, length));
            if (!(sarif(reports.exited(0), GLOB).blockFrom(HIGH) instanceof Verdict.NoEvidence)) {
                believed.add(length);
            }
        }

        assertThat(believed).isEmpty();
    }

    @Test
    void failedCommandWithoutAnyFindingIsNoEvidenceAndWithOneTheReportDecides() throws IOException {
        reports.with(FILE, results());
        assertThat(sarif(reports.exited(1), GLOB).blockFrom(HIGH)).isInstanceOf(Verdict.NoEvidence.class);

        reports.with(FILE, results("{\"level\":\"note\"}"));

        assertThat(sarif(reports.exited(1), GLOB).blockFrom(HIGH)).isInstanceOf(Verdict.Pass.class);
    }

    @Test
    void missingReportNamesGlobAndDirectory() {
        assertThat(sarif(reports.exited(0), GLOB).blockFrom(HIGH).sentence())
                .startsWith("no report: nothing matches " + GLOB + " in ");
    }
}
