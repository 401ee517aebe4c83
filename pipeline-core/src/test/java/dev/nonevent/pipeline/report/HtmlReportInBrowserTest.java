package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The page of a run, opened in a Chromium. Without one it is skipped; with {@code -Dbrowser.required=true} it fails. What
 * it looked like is in {@code target/report}.
 */
@Timeout(120)
class HtmlReportInBrowserTest {

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(
                Boolean.getBoolean("browser.required") || Browser.program().isPresent(),
                "no chromium on the PATH; -Dbrowser.required=true makes this a failure");
        new FullRun(folder).tell(HtmlReport.inRunFolder().deliveries("shop", FullRun::history));
        browser = Browser.in(folder);
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openThePage() {
        browser.look(1200, 900, false);
        browser.open(folder.resolve(HtmlReport.NAME));
    }

    @Test
    void theGraphIsDrawnAndNoStageHidesAnother() {
        List<JsonNode> boxes = list("""
                [...document.querySelectorAll('svg.across a.node rect')].map(box => {
                  const at = box.getBoundingClientRect();
                  return [at.left, at.top, at.right, at.bottom];
                })""");

        assertThat(boxes).hasSize(8).allSatisfy(box -> {
            assertThat(box.get(2).asDouble() - box.get(0).asDouble()).isGreaterThan(60);
            assertThat(box.get(3).asDouble() - box.get(1).asDouble()).isGreaterThan(30);
        });
        assertThat(boxes)
                .allSatisfy(one -> assertThat(boxes)
                        .filteredOn(other -> other != one)
                        .noneMatch(other -> one.get(0).asDouble() < other.get(2).asDouble()
                                && other.get(0).asDouble() < one.get(2).asDouble()
                                && one.get(1).asDouble() < other.get(3).asDouble()
                                && other.get(1).asDouble() < one.get(3).asDouble()));
        assertThat(list("[...document.querySelectorAll('svg.across path.edge')].map(line => line.getTotalLength())"))
                .hasSize(9)
                .allMatch(length -> length.asDouble() > 20);
    }

    @Test
    void theLogOfAFailingStageIsReachedByTheKeyboardAlone() {
        browser.press("Tab");
        assertThat(focused("textContent")).isEqualTo("unit tests");
        theFocusIsSeen();
        browser.press("Enter");
        assertThat(browser.ask("location.hash").asText()).isEqualTo("#stage-3");

        tabTo("The end of the log of unit tests");

        theFocusIsSeen();
        JsonNode log = browser.ask("""
                (() => {
                  const log = document.activeElement, end = document.createRange();
                  end.setStart(log.firstChild.firstChild, log.textContent.length - 10);
                  end.setEnd(log.firstChild.firstChild, log.textContent.length - 1);
                  const last = end.getBoundingClientRect(), seen = log.getBoundingClientRect();
                  return [last.top >= seen.top, last.bottom <= seen.bottom, seen.top < innerHeight, log.textContent];
                })()""");
        assertThat(log.get(0).asBoolean()
                        && log.get(1).asBoolean()
                        && log.get(2).asBoolean())
                .as("the end of the log is in sight")
                .isTrue();
        assertThat(log.get(3).asText()).endsWith("[INFO] Tests run: 812, Failures: 3, in dev.shop.Order811Test\n");
    }

    @Test
    void aStageInTheGraphLeadsToWhatIsToldOfItAndOpensIt() {
        assertThat(isOpen(2)).isFalse();
        browser.ask("document.querySelector(\"svg.across a[href='#stage-2']\").focus()");

        browser.press("Enter");

        assertThat(browser.ask("location.hash").asText()).isEqualTo("#stage-2");
        assertThat(isOpen(2)).isTrue();
    }

    @Test
    void whatIsClosedOpensWithEnterAndClosesAgain() {
        browser.ask("document.querySelector('#stage-1').parentElement.querySelector('summary').focus()");
        browser.press("Enter");
        assertThat(isOpen(1)).isTrue();
        browser.press("Enter");
        assertThat(isOpen(1)).isFalse();
    }

    @Test
    void nothingComplainsAndNothingIsAskedOfAnybody() {
        browser.ask("document.querySelectorAll('details').forEach(each => each.open = true)");

        assertThat(browser.heard("Runtime.exceptionThrown")).isEmpty();
        assertThat(browser.heard("Runtime.consoleAPICalled")).isEmpty();
        assertThat(browser.heard("Log.entryAdded")).isEmpty();
        assertThat(browser.heard("Network.requestWillBeSent"))
                .extracting(request -> request.get("request").get("url").asText())
                .filteredOn(url -> !url.equals("data:,"))
                .containsExactly(folder.resolve(HtmlReport.NAME).toUri().toString());
        assertThat(browser.ask("document.scripts.length + document.images.length")
                        .asInt())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 400, 720, 1200})
    void thePageIsNeverWiderThanTheWindow(int width) {
        browser.look(width, 800, false);
        browser.ask("document.querySelectorAll('details').forEach(each => each.open = true)");

        assertThat(browser.ask("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(width);
        assertThat(
                        list(
                                "[...document.querySelectorAll('svg.graph')].map(each => each.getBoundingClientRect().width > 0)"))
                .as("exactly one of the two pictures is shown")
                .extracting(JsonNode::asBoolean)
                .containsExactlyInAnyOrder(true, false);
    }

    /** WCAG 2.1, 1.4.3: at least 4.5 to 1. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTextCanBeToldFromItsGround(boolean dark) {
        browser.look(1200, 900, dark);

        List<JsonNode> tooPale = list("""
                (() => {
                  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
                  const light = colour => parts(colour).slice(0, 3).map(it => it / 255)
                      .map(it => it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
                      .reduce((sum, it, i) => sum + it * [0.2126, 0.7152, 0.0722][i], 0);
                  const ground = it => {
                    const colour = getComputedStyle(it).backgroundColor;
                    return it.parentElement && (parts(colour)[3] === 0) ? ground(it.parentElement) : colour;
                  };
                  return [...document.querySelectorAll('body *')]
                    .filter(it => [...it.childNodes].some(child => child.nodeType === 3 && child.data.trim()))
                    .filter(it => it.getClientRects().length > 0)
                    .map(it => {
                      const style = getComputedStyle(it), drawn = it.namespaceURI.endsWith('svg');
                      const pair = [light(drawn ? style.fill : style.color), light(ground(it))].sort((a, b) => b - a);
                      return [(pair[0] + 0.05) / (pair[1] + 0.05), it.textContent.slice(0, 40)];
                    })
                    .filter(it => it[0] < 4.5);
                })()""");

        assertThat(tooPale).isEmpty();
    }

    @Test
    void picturesForAPersonToLookAt() throws IOException {
        Path pictures = Path.of("target", "report");
        browser.screenshot(pictures.resolve("wide.png"));
        browser.look(1200, 900, true);
        browser.screenshot(pictures.resolve("dark.png"));
        browser.look(400, 800, false);
        browser.screenshot(pictures.resolve("narrow.png"));

        assertThat(pictures.resolve("wide.png")).isNotEmptyFile();
    }

    private static void tabTo(String label) {
        for (int i = 0; i < 12 && !label.equals(focused("getAttribute('aria-label')")); i++) {
            browser.press("Tab");
        }
        assertThat(focused("getAttribute('aria-label')")).isEqualTo(label);
    }

    private static void theFocusIsSeen() {
        assertThat(browser.ask(
                                "document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement)"
                                        + ".outlineStyle !== 'none'")
                        .asBoolean())
                .isTrue();
    }

    private static String focused(String what) {
        return browser.ask("document.activeElement." + what).asText();
    }

    private static boolean isOpen(int stage) {
        return browser.ask("document.querySelector('#stage-" + stage + "').parentElement.open")
                .asBoolean();
    }

    private static List<JsonNode> list(String expression) {
        return StreamSupport.stream(browser.ask(expression).spliterator(), false)
                .toList();
    }
}
