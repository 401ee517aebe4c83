package dev.nonevent.pipeline.gate;

import static dev.nonevent.pipeline.gate.JUnitReports.junit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JUnitReportsTest {

    private static final String GLOB = "target/surefire-reports/*.xml";
    private static final String FILE = "target/surefire-reports/TEST-shop.CartTest.xml";
    private static final String TWO_PASS =
            "<testsuite tests=\"2\" failures=\"0\"><testcase name=\"adds\" classname=\"shop.CartTest\" time=\"0.1\"/>"
                    + "<testcase name=\"removes\" classname=\"shop.CartTest\"/></testsuite>";

    private Reports reports;

    @BeforeEach
    void aCommandStarts(@TempDir Path directory) throws IOException {
        reports = new Reports(directory);
    }

    @Test
    void passingReportsPassWithTheirNumber() throws IOException {
        reports.with(FILE, TWO_PASS).with("target/surefire-reports/TEST-shop.PriceTest.xml", TWO_PASS);

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("4 tests"));
    }

    @Test
    void failuresAndErrorsBlockAndAreNamed() throws IOException {
        reports.with(
                FILE,
                "<testsuite><testcase name=\"adds\" classname=\"CartTest\"><failure message=\"expected 2 but was 3\">at x</failure></testcase>"
                        + "<testcase name=\"explodes\" classname=\"CartTest\"><error>\n  NullPointerException\n at y</error></testcase>"
                        + "<testcase name=\"removes\" classname=\"CartTest\"/></testsuite>");

        assertThat(junit(reports.exited(1), GLOB))
                .isEqualTo(Verdict.block(
                        "2 of 3 tests failed",
                        List.of("CartTest.adds: expected 2 but was 3", "CartTest.explodes: NullPointerException")));
    }

    @Test
    void failuresBlockEvenIfTheCommandExitedZero() throws IOException {
        reports.with(FILE, "<testsuite><testcase name=\"adds\"><failure/></testcase></testsuite>");

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.block("1 of 1 test failed", List.of("adds")));
    }

    @Test
    void manyFailuresAreNamedUpToTwenty() throws IOException {
        String cases = IntStream.range(0, 57)
                .mapToObj(it -> "<testcase name=\"t" + it + "\"><failure/></testcase>")
                .collect(Collectors.joining());
        reports.with(FILE, "<testsuite>" + cases + "</testsuite>");

        assertThat(junit(reports.exited(1), GLOB))
                .isInstanceOfSatisfying(
                        Verdict.Block.class,
                        block -> assertThat(block.lines()).hasSize(21).endsWith("and 37 more"));
    }

    @Test
    void elementsCountAndNotAttributesSoThatNestedClassesAreSeen() throws IOException {
        reports.with(
                FILE,
                "<testsuites><testsuite tests=\"0\"><testcase name=\"a\"/><testsuite tests=\"0\"><testcase name=\"b\">"
                        + "<failure/></testcase></testsuite></testsuite></testsuites>");

        assertThat(junit(reports.exited(1), GLOB).sentence()).isEqualTo("1 of 2 tests failed");
    }

    @Test
    void flakyTestIsNotAFailureButIsTold() throws IOException {
        reports.with(
                FILE,
                "<testsuite failures=\"1\"><testcase name=\"a\"><flakyFailure message=\"once\">x</flakyFailure></testcase>"
                        + "<testcase name=\"b\"/></testsuite>");

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("2 tests, 1 flaky"));
    }

    @Test
    void testThatFailedEveryRerunIsOneFailure() throws IOException {
        reports.with(
                FILE,
                "<testsuite><testcase name=\"a\"><failure message=\"first\"/><rerunFailure message=\"again\"/></testcase></testsuite>");

        assertThat(junit(reports.exited(1), GLOB)).isEqualTo(Verdict.block("1 of 1 test failed", List.of("a: first")));
    }

    @Test
    void failureWinsOverSkipped() throws IOException {
        reports.with(FILE, "<testsuite><testcase name=\"a\"><failure/><skipped/></testcase></testsuite>");

        assertThat(junit(reports.exited(1), GLOB)).isInstanceOf(Verdict.Block.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,234.5", "", "NaN", "-1"})
    void strangeTimesAndMissingNamesDoNotMatter(String time) throws IOException {
        reports.with(FILE, "<p:testsuite xmlns:p=\"urn:x\"><p:testcase time=\"" + time + "\"/></p:testsuite>");

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("1 test"));
    }

    @Test
    void byteOrderMarkAndUtf16AreRead() throws IOException {
        reports.with(FILE, ("\uFEFF" + TWO_PASS).getBytes(StandardCharsets.UTF_16BE))
                .with("target/surefire-reports/b.xml", "\uFEFF" + TWO_PASS);

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("4 tests"));
    }

    @Test
    void cdataThatHoldsItsOwnEndIsOneMessage() throws IOException {
        reports.with(
                FILE,
                "<testsuite><testcase name=\"a\"><failure><![CDATA[x ]]]]><![CDATA[> y]]></failure></testcase></testsuite>");

        assertThat(junit(reports.exited(1), GLOB))
                .isEqualTo(Verdict.block("1 of 1 test failed", List.of("a: x ]]> y")));
    }

    @Test
    void hostileNamesAreShownHarmlessAndShort() throws IOException {
        reports.with(
                FILE,
                "<testsuite><testcase name=\"a&#x202E;b&#x9b;31m\"><failure message=\"" + "x".repeat(5_000)
                        + "\"/></testcase></testsuite>");

        assertThat(junit(reports.exited(1), GLOB))
                .isInstanceOfSatisfying(
                        Verdict.Block.class,
                        block -> assertThat(block.lines().get(0))
                                .startsWith("a\\u202eb\\u009b31m: xxx")
                                .hasSizeLessThan(450));
    }

    @Test
    void doubleStarAlsoMeansRightHere() throws IOException {
        reports.with(FILE, TWO_PASS).with("module/target/surefire-reports/TEST-b.xml", TWO_PASS);

        assertThat(junit(reports.exited(0), "**/target/surefire-reports/*.xml")).isEqualTo(Verdict.pass("4 tests"));
    }

    @Test
    void globThatMatchesNothingIsNamedWithDirectoryAndLastLine() {
        assertThat(junit(reports.exited(1), GLOB))
                .isEqualTo(Verdict.noEvidence("no report: nothing matches " + GLOB + " in "
                        + reports.file("").toString() + "; mvn test exited 1, its last line: the end"));
    }

    @Test
    void globOutsideTheDirectoryIsAnArgumentError() {
        for (String glob : List.of("/etc/*.xml", "../x.xml", "a/../../b.xml", " ", "[")) {
            assertThatThrownBy(() -> junit(reports.exited(0), glob)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "<html><body>503</body></html>",
                "<!DOCTYPE html><html/>",
                "<!DOCTYPE testsuite [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><testsuite><testcase name=\"&x;\"/></testsuite>",
                "<!DOCTYPE t [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;\">]><testsuite><testcase name=\"&b;\"/></testsuite>",
                "<testsuite><testcase name=\"a\"/>&undeclared;</testsuite>",
                "<testsuite><testcase name=\"a\"/></testsuite><testsuite/>",
                "<testsuite><testcase name=\"a\"/>\u0001</testsuite>",
                "<testsuite><testcase name=\"a&#x1;\"/></testsuite>",
                "<testsuite failures=\"1\"><testcase name=\"a\"/></testsuite>",
                "<testsuite errors=\"2\"><testcase name=\"a\"/></testsuite>",
                "<testsuite><testcase name=\"a\"><testcase name=\"b\"/></testcase></testsuite>",
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?><testsuite><testcase name=\"a\"/></testsuite>",
                "{\"not\": \"xml\"}"
            })
    void reportThatCannotBeBelievedIsNoEvidenceAndNamed(String text) throws IOException {
        reports.with(FILE, text);

        assertThat(junit(reports.exited(0), GLOB))
                .isInstanceOfSatisfying(
                        Verdict.NoEvidence.class,
                        none -> assertThat(none.sentence()).contains(FILE));
    }

    @Test
    void wrongDeclaredEncodingIsNoEvidence() throws IOException {
        reports.with(
                FILE,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuite><testcase name=\"\u00e9\u00e8\"/></testsuite>"
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(junit(reports.exited(0), GLOB)).isInstanceOf(Verdict.NoEvidence.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<testsuite tests=\"0\"/>",
                "<testsuite tests=\"3\"/>",
                "<testsuites></testsuites>",
                "<testsuite><testcase name=\"a\"><skipped/></testcase></testsuite>"
            })
    void noTestThatRanIsNoEvidence(String text) throws IOException {
        reports.with(FILE, text);

        assertThat(junit(reports.exited(0), GLOB))
                .isInstanceOfSatisfying(
                        Verdict.NoEvidence.class,
                        none -> assertThat(none.sentence()).startsWith("no test ran"));
    }

    @Test
    void reportCutOffAnywhereIsNoEvidence() throws IOException {
        String cases = IntStream.range(0, 400)
                .mapToObj(it -> "<testcase name=\"t" + it + "\" classname=\"shop.CartTest\"/>")
                .collect(Collectors.joining());
        byte[] whole = ("<testsuite>" + cases + "</testsuite>").getBytes(StandardCharsets.UTF_8);
        List<Integer> believed = new ArrayList<>();

        for (int length = 1_024; length < whole.length; length += 1_024) {
            reports.with(FILE, java.util.Arrays.copyOf(whole, length));
            if (!(junit(reports.exited(0), GLOB) instanceof Verdict.NoEvidence)) {
                believed.add(length);
            }
        }

        assertThat(believed).isEmpty();
    }

    @Test
    void depthBombIsNoEvidence() throws IOException {
        reports.with(FILE, "<testsuite>".repeat(100_000));

        assertThat(junit(reports.exited(0), GLOB).sentence()).contains("nested deeper than 64");
    }

    @Test
    void hugeReportIsNotRead() throws IOException {
        Files.createDirectories(reports.file("target/surefire-reports"));
        try (var file = new java.io.RandomAccessFile(reports.file(FILE).toFile(), "rw")) {
            file.setLength(50_000_001);
        }

        assertThat(junit(reports.exited(0), GLOB).sentence()).contains(FILE).contains("50000001 bytes");
    }

    @Test
    void moreThanTenThousandReportsAreNotReadButTenThousandAre() throws IOException {
        byte[] one = "<testsuite><testcase name=\"a\"/></testsuite>".getBytes(StandardCharsets.UTF_8);
        for (int it = 0; it < Evidence.MOST_FILES; it++) {
            reports.with("target/surefire-reports/" + it + ".xml", one);
        }
        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("10000 tests"));

        reports.with("target/surefire-reports/one-more.xml", one);

        assertThat(junit(reports.exited(0), GLOB).sentence()).startsWith("too many reports");
    }

    @Test
    void directoryLinkAndPipeAreNotReports(@TempDir Path elsewhere) throws Exception {
        Path real = Files.writeString(elsewhere.resolve("real.xml"), TWO_PASS);
        Files.createDirectories(reports.file("d/report.xml"));
        Files.createDirectories(reports.file("l"));
        Files.createSymbolicLink(reports.file("l/report.xml"), real);
        Files.createDirectories(reports.file("p"));
        new ProcessBuilder("mkfifo", reports.file("p/report.xml").toString())
                .start()
                .waitFor();

        assertThat(junit(reports.exited(0), "d/*.xml").sentence())
                .isEqualTo("report d/report.xml is a directory, not a file");
        assertThat(junit(reports.exited(0), "l/*.xml").sentence()).startsWith("report l/report.xml is a symbolic link");
        assertThat(junit(reports.exited(0), "p/*.xml").sentence())
                .isEqualTo("report p/report.xml is a special file, not a file");
    }

    @Test
    void linkedReportDirectoryIsNotEntered(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("real.xml"), TWO_PASS);
        Files.createDirectories(reports.file("target"));
        Files.createSymbolicLink(reports.file("target/surefire-reports"), elsewhere);

        assertThat(junit(reports.exited(0), GLOB).sentence()).startsWith("no report: nothing matches");
    }

    @Test
    void reportOlderThanTheCommandIsStale() throws IOException {
        reports.with(FILE, TWO_PASS);
        Files.setLastModifiedTime(
                reports.file(FILE), FileTime.from(reports.started().minusMillis(50)));

        assertThat(junit(reports.exited(0), GLOB).sentence()).contains(FILE).contains("is stale");
    }

    @Test
    void wholeSecondFileTimesOfTheSameSecondAreFresh() throws IOException {
        reports.with(FILE, TWO_PASS);
        Files.setLastModifiedTime(
                reports.file(FILE), FileTime.fromMillis(reports.started().getEpochSecond() * 1_000));

        assertThat(junit(reports.exited(0), GLOB)).isEqualTo(Verdict.pass("2 tests"));
    }

    @Test
    void passingReportsOfACommandThatFailedAreNoEvidence() throws IOException {
        reports.with(FILE, TWO_PASS);

        assertThat(junit(reports.exited(137), GLOB))
                .isEqualTo(Verdict.noEvidence(
                        "mvn test exited 137, but the reports " + GLOB + " know of no failure in 2 tests"));
    }

    @Test
    void oneBrokenReportAmongGoodOnesIsNoEvidence() throws IOException {
        reports.with(FILE, TWO_PASS).with("target/surefire-reports/TEST-z.xml", "<testsuite>");

        assertThat(junit(reports.exited(0), GLOB).sentence()).contains("TEST-z.xml");
    }
}
