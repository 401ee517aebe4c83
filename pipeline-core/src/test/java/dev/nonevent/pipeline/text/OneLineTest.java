package dev.nonevent.pipeline.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {

    private static final String HOSTILE = "a\u001b[2J\u202eb\u2028c\nd\ud800e";

    @Test
    void whatIsInvisibleIsShownAsItsNumber() {
        assertThat(OneLine.escaped(HOSTILE, 100)).isEqualTo("a\\u001b[2J\\u202eb\\u2028c\\u000ad\\ud800e");
    }

    @Test
    void whatIsInvisibleIsBlanked() {
        assertThat(OneLine.blanked(HOSTILE, 100)).isEqualTo("a [2J b c d e");
    }

    @Test
    void whatPeopleReadStays() {
        assertThat(OneLine.escaped("日本 ü 👩", 100)).isEqualTo("日本 ü 👩");
        assertThat(OneLine.ascii("ma\u0456n x", 100)).isEqualTo("ma\\u0456n\\u0020x");
    }

    @Test
    void whatIsTooLongIsCutBetweenCharactersAndSaysSo() {
        assertThat(OneLine.escaped("👩👩👩", 2)).isEqualTo("👩👩…");
        assertThat(OneLine.blanked("abc", 3)).isEqualTo("abc");
        assertThat(OneLine.ascii("abcd", 3)).isEqualTo("abc…");
    }
}
