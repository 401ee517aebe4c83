package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What can be known of the page without a browser; {@link HtmlReportInBrowserTest} opens it in one. */
class HtmlReportTest {

    @TempDir
    Path folder;

    @Test
    void hostileTextIsNeverMoreThanText() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder());

        Document page = parsed();
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getElementsByTagName("img").getLength()).isZero();
        assertThat(attributes(page)).noneMatch(name -> name.startsWith("on"));
        assertThat(page.getDocumentElement().getTextContent())
                .contains(FullRun.HOSTILE, FullRun.SCRIPT, "red <U+202E>gnp.exe<U+0000>\uFFFD")
                .contains("y… and 63536 more characters");
    }

    @Test
    void nothingIsLoadedFromAnywhere() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder());

        Document page = parsed();
        assertThat(texts(page, "style"))
                .hasSize(1)
                .noneMatch(sheet -> sheet.contains("url(") || sheet.contains("@import"));
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("default-src 'none'; img-src data:; style-src 'sha256-".replace("'", "&#39;"));
        assertThat(hrefs(page))
                .allMatch(to ->
                        to.startsWith("#") || to.startsWith("./logs/") || to.equals("data:,") || to.endsWith("db.log"));
    }

    @Test
    void whatWentWrongIsOpenAndEverythingElseIsNot() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder());

        List<String> open = elements(parsed(), "details").stream()
                .filter(details -> details.hasAttribute("open"))
                .map(details -> details.getElementsByTagName("summary").item(0).getTextContent())
                .toList();
        assertThat(open).hasSize(2);
        assertThat(open.get(0)).contains("unit tests", "blocked", "3 of 412 tests failed");
        assertThat(open.get(1)).contains("integration tests");
    }

    @Test
    void theWholeLogIsLinkedFromWhereThePageIs() throws Exception {
        Path log = Files.writeString(
                Files.createDirectories(folder.resolve("logs")).resolve("a b%.log"), "x\n");
        new Story(HtmlReport.at(folder.resolve("report.html")), folder)
                .begins("a")
                .starts("a")
                .prints("a", "x")
                .ends("a", Outcome.passed(), "1S", log)
                .isOver(Outcome.passed());

        assertThat(hrefs(parsed())).contains("./logs/a%20b%25.log");
    }

    @Test
    void aRunThatWasStoppedHasItsPageToo() throws Exception {
        new Story(HtmlReport.inRunFolder(), folder)
                .begins("build", "deploy<build")
                .starts("build")
                .after("2S")
                .ends("build", new Outcome.Aborted("interrupted"), "2S")
                .isOver(new Outcome.Aborted("interrupted"));

        assertThat(parsed().getDocumentElement().getTextContent()).contains("! Aborted", "interrupted", "not started");
    }

    @Test
    void thePageHasABoundWhateverIsPrinted() throws Exception {
        Path log = folder.resolve("flood.log");
        Files.writeString(log, ("z".repeat(999) + "\n").repeat(2000));
        Story story = new Story(HtmlReport.inRunFolder(), folder).begins();
        IntStream.range(0, 300)
                .forEach(i -> story.starts("s" + i).prints("s" + i, "z").ends("s" + i, Story.blocked("no"), "1S", log));
        story.isOver(Story.blocked("no"));

        assertThat(Files.size(folder.resolve("report.html"))).isLessThan(10L * 1024 * 1024);
        assertThat(parsed().getDocumentElement().getTextContent()).contains("300 stages are too many for a picture");
    }

    @Test
    void aStageThatHadToBeTriedAgainIsMarkedAsFlaky() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder());

        assertThat(texts(parsed(), "summary"))
                .anySatisfy(line -> assertThat(line).contains("security scan", "flaky"));
        assertThat(parsed().getDocumentElement().getTextContent())
                .contains("attempt 1 BLOCKED, the scanner found 1 of 1 high; the next one in 0.5s");
    }

    @Test
    void ofThousandsOfStagesThoseThatWentWrongAreToldInAnyCase() throws Exception {
        Story story = new Story(HtmlReport.inRunFolder(), folder).begins();
        IntStream.range(0, 1500).forEach(i -> story.starts("s" + i).ends("s" + i, Outcome.passed(), "1S"));
        story.starts("the last").ends("the last", Story.blocked("no"), "1S").isOver(Story.blocked("no"));

        Document page = parsed();
        assertThat(elements(page, "details")).hasSize(1000);
        assertThat(texts(page, "summary")).last().asString().contains("the last");
        assertThat(page.getDocumentElement().getTextContent()).contains("and 501 more, none of which went wrong.");
    }

    @Test
    void whatDeliveryIsWorthStandsAtTheEnd() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder().deliveries("shop", FullRun::history));

        Document page = parsed();
        assertThat(page.getDocumentElement().getTextContent())
                .contains("Delivery of shop", "14 in 19d 12h (0.7 a day)", "2 of 13 (15 %)")
                .contains("v5, 19 Dec 2025, taken back, 18m 00s from commit to users");
        assertThat(elements(page, "circle")).hasSize(12);
    }

    @Test
    void aHistoryThatCannotBeReadIsSaidOnThePage() throws Exception {
        new FullRun(folder).tell(HtmlReport.inRunFolder().deliveries("shop", () -> {
            throw new IllegalStateException("the ledger is <torn>");
        }));

        assertThat(parsed().getDocumentElement().getTextContent())
                .contains("Its history could not be read: the ledger is <torn>");
    }

    /** The page is written as XML, so what was opened is closed whatever a stage has printed. */
    private Document parsed() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("report.html").toFile());
    }

    private static List<String> hrefs(Document page) {
        List<String> all = new ArrayList<>();
        for (String name : List.of("a", "link")) {
            elements(page, name).forEach(element -> all.add(element.getAttribute("href")));
        }
        return all;
    }

    private static List<String> attributes(Document page) {
        List<String> names = new ArrayList<>();
        for (Element element : elements(page, "*")) {
            IntStream.range(0, element.getAttributes().getLength())
                    .forEach(i -> names.add(element.getAttributes().item(i).getNodeName()));
        }
        return names;
    }

    private static List<String> texts(Document page, String name) {
        return elements(page, name).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> elements(Document page, String name) {
        NodeList found = page.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }
}
