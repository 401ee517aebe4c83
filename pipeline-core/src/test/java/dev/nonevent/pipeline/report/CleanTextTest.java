package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanTextTest {

    @Test
    void sequencesAreGoneAndTheTextStays() {
        assertThat(CleanText.line("\u001b[1;31mred\u001b[0m")).isEqualTo("red");
        assertThat(CleanText.line("a\u001b]8;;http://x\u001b\\link\u001b]8;;\u0007b"))
                .isEqualTo("alinkb");
        assertThat(CleanText.line("a\u001bcb\u001b(Bd")).isEqualTo("abd");
        assertThat(CleanText.line("a\u009b2Jb")).isEqualTo("ab");
    }

    @Test
    void aSequenceThatWasCutOffHidesNothingBeforeIt() {
        assertThat(CleanText.line("a\u001b")).isEqualTo("a");
        assertThat(CleanText.line("a\u001b[31")).isEqualTo("a");
        assertThat(CleanText.line("a\u001b]0;never ended")).isEqualTo("a");
    }

    @Test
    void whatOverwroteItselfIsShownAsItWasLeft() {
        assertThat(CleanText.line("10 %\r50 %\r100 %")).isEqualTo("100 %");
        assertThat(CleanText.line("100 %\r")).isEqualTo("100 %");
    }

    @Test
    void whatIsInvisibleIsShown() {
        assertThat(CleanText.line("a\u202eb\u200bc\0d\u2028e\ud800f"))
                .isEqualTo("a<U+202E>b<U+200B>c<U+0000>d<U+2028>e<U+D800>f");
        assertThat(CleanText.line("a\tb\nc")).isEqualTo("a    b c");
    }

    @Test
    void scriptsAndEmojiStay() {
        assertThat(CleanText.line("日本 ü 👩‍💻")).isEqualTo("日本 ü 👩‍💻");
    }

    @Test
    void aCutNeverSplitsACharacter() {
        assertThat(CleanText.cut("日本語", 5, "…")).isEqualTo("日本…");
        assertThat(CleanText.cut("日本語", 6, "…")).isEqualTo("日本語");
        assertThat(CleanText.cut("👩👩👩", 4, "…")).isEqualTo("👩…");
        assertThat(CleanText.cut("abc", 0, "…")).isEqualTo("…");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,0ms",
        "PT-1S,0ms",
        "PT0.099S,99ms",
        "PT0.8S,0.8s",
        "PT59.94S,59.9s",
        "PT59.96S,1m 00s",
        "PT1M12S,1m 12s",
        "PT59M59.6S,1h 00m",
        "PT25H,1d 1h"
    })
    void durationsAreSaidAsPeopleSayThem(Duration took, String text) {
        assertThat(Durations.text(took)).isEqualTo(text);
    }
}
