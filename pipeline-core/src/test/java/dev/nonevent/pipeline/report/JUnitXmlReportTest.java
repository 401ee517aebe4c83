package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class JUnitXmlReportTest {

    @TempDir
    Path folder;

    @Test
    void aStageIsATestCaseAndGatesAreASuiteOfTheirOwn() throws Exception {
        new Story(JUnitXmlReport.inRunFolder(), folder)
                .gates("unit tests")
                .begins("build", "unit tests<build", "deploy<unit tests")
                .starts("build")
                .after("1.5S")
                .ends("build", Outcome.passed(), "1.5S")
                .starts("unit tests")
                .ends("unit tests", Story.blocked("3 of 41 failed", "OrderTest.refunds"), "2S")
                .skips("deploy", "needs unit tests")
                .isOver(Story.blocked("unit tests"));

        assertThat(folder.resolve("junit.xml")).hasContent("""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="shop" tests="3" failures="1" errors="0" skipped="1" time="1.500">
                <testsuite name="stages" tests="2" failures="0" errors="0" skipped="1" time="1.500" timestamp="2026-01-01T12:00:00Z" id="7f3c">
                <testcase name="build" classname="shop.stages" time="1.500"></testcase>
                <testcase name="deploy" classname="shop.stages" time="0.000"><skipped message="needs unit tests"/></testcase>
                </testsuite>
                <testsuite name="gates" tests="1" failures="1" errors="0" skipped="0" time="2.000" timestamp="2026-01-01T12:00:00Z" id="7f3c">
                <testcase name="unit tests" classname="shop.gates" time="2.000"><failure message="3 of 41 failed" type="BLOCKED">3 of 41 failed
                OrderTest.refunds
                declared at Shop.java:7
                </failure></testcase>
                </testsuite>
                </testsuites>
                """);
    }

    @Test
    void whatTheWorldDidIsAnErrorAndWhatNeverStartedIsSkipped() throws Exception {
        new Story(JUnitXmlReport.inRunFolder(), folder)
                .begins("pull", "wait", "deploy<pull")
                .starts("pull")
                .starts("wait")
                .ends("pull", new Outcome.Errored(Failure.of("the registry is away")), "1S")
                .ends("wait", new Outcome.Aborted("interrupted"), "1S")
                .isOver(new Outcome.Aborted("interrupted"));

        Document report = parsed();
        assertThat(report.getDocumentElement().getAttribute("errors")).isEqualTo("2");
        assertThat(attributes(report, "error", "message")).containsExactly("the registry is away", "interrupted");
        assertThat(attributes(report, "skipped", "message")).containsExactly("not started");
    }

    @Test
    void anAttemptThatWentWrongIsAFlakyFailureIfALaterOnePassed() throws Exception {
        new Story(JUnitXmlReport.inRunFolder(), folder)
                .begins("it", "e2e")
                .starts("it")
                .starts("e2e")
                .triesAgain("it", 1, Story.blocked("3 of 41 failed"), "1S")
                .triesAgain("e2e", 1, Story.blocked("no browser"), "1S")
                .ends("it", Outcome.passed(), "3S")
                .ends("e2e", Story.blocked("no browser again"), "3S")
                .isOver(Story.blocked("e2e"));

        assertThat(attributes(parsed(), "flakyFailure", "message")).containsExactly("3 of 41 failed");
        assertThat(attributes(parsed(), "rerunFailure", "message")).containsExactly("no browser");
        assertThat(attributes(parsed(), "failure", "message")).containsExactly("no browser again");
    }

    @Test
    void itIsValidWhateverWasPrinted() throws Exception {
        new FullRun(folder).tell(JUnitXmlReport.inRunFolder());

        Document report = parsed();
        assertThat(attributes(report, "testcase", "name")).contains(FullRun.HOSTILE);
        assertThat(report.getElementsByTagName("script").getLength()).isZero();
        assertThat(texts(report, "system-out"))
                .anyMatch(text -> text.contains(FullRun.SCRIPT + "\nred <U+202E>gnp.exe<U+0000>\uFFFD\n"));
        assertThat(texts(report, "failure")).anyMatch(text -> text.contains("OrderTest.refunds: " + FullRun.SCRIPT));
    }

    private Document parsed() throws Exception {
        assertThat(Files.size(folder.resolve("junit.xml"))).isPositive();
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("junit.xml").toFile());
    }

    private static List<String> attributes(Document report, String element, String name) {
        return elements(report, element).stream()
                .map(each -> each.getAttribute(name))
                .toList();
    }

    private static List<String> texts(Document report, String element) {
        return elements(report, element).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document report, String name) {
        NodeList found = report.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }
}
