package dev.nonevent.pipeline.docker.inside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndMarkTest {

    private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
    private final EndMark mark = new EndMark(passed::writeBytes);

    @Test
    void whatComesBeforeTheMarkIsPassedOnAndTheMarkIsNot() {
        write("out\nlast" + mark.word() + "\n");

        assertThat(passed()).isEqualTo("out\nlast");
        assertThat(mark.wasSeen()).isTrue();
    }

    @Test
    void theMarkIsSeenWhereverItIsCut() {
        for (int cut = 0; cut <= mark.word().length(); cut++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            EndMark other = new EndMark(out::writeBytes);
            byte[] all = ("x" + other.word() + "\n").getBytes(StandardCharsets.UTF_8);

            other.write(java.util.Arrays.copyOf(all, cut + 1));
            other.write(java.util.Arrays.copyOfRange(all, cut + 1, all.length));
            other.end();

            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("x");
            assertThat(other.wasSeen()).isTrue();
        }
    }

    @Test
    void theNumberBehindTheMarkIsReadWhereverItIsCut() {
        write("out" + mark.word() + "1");
        write("2");
        write("\n");

        assertThat(mark.number()).isEqualTo(12);
        assertThat(mark.hasRemark()).isFalse();
        assertThat(passed()).isEqualTo("out");
    }

    @Test
    void itIsWholeWithItsLineBreakAndMayHaveAWordBehindItsNumber() {
        write(mark.word() + "3 end");
        assertThat(mark.isWhole()).isFalse();

        write("ed\n");

        assertThat(mark.isWhole()).isTrue();
        assertThat(mark.number()).isEqualTo(3);
        assertThat(mark.hasRemark()).isTrue();
    }

    @Test
    void severalNumbersMayStandBehindItBeforeTheWord() {
        write(mark.word() + "2 137\n");

        assertThat(mark.number()).isEqualTo(2);
        assertThat(mark.number(1)).isEqualTo(137);
        assertThat(mark.number(2)).isZero();
        assertThat(mark.hasRemark()).isFalse();
    }

    @Test
    void theSameMarkOnAnotherOutputIsSeenByItself() {
        EndMark other = mark.on(bytes -> {});

        other.write((mark.word() + "\n").getBytes(StandardCharsets.UTF_8));

        assertThat(other.isWhole()).isTrue();
        assertThat(mark.wasSeen()).isFalse();
    }

    @Test
    void withoutAMarkThereIsNoNumber() {
        write("12\n");

        assertThat(mark.number()).isZero();
    }

    @Test
    void nothingIsHeldBackThatCannotBecomeTheMark() {
        write("50 %\r");

        assertThat(passed()).isEqualTo("50 %\r");
    }

    @Test
    void whatOnlyBeganLikeTheMarkIsPassedOn() {
        String almost = mark.word().substring(0, 10);

        write("a" + almost);
        write("\001\001b");
        write("c" + almost);
        mark.end();

        assertThat(passed()).isEqualTo("a" + almost + "\001\001bc" + almost);
        assertThat(mark.wasSeen()).isFalse();
    }

    private void write(String text) {
        mark.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String passed() {
        return passed.toString(StandardCharsets.UTF_8);
    }
}
