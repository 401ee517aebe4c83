package dev.nonevent.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    Path directory;

    @Test
    void aShortLogIsWhole() throws IOException {
        assertThat(tail("a\nb\n", 100, 10).lines()).containsExactly("a", "b");
        assertThat(tail("a\nb\n", 100, 10).whole()).isTrue();
        assertThat(tail("", 100, 10)).isEqualTo(new LogTail(java.util.List.of(), true));
    }

    @Test
    void ofALongOneTheLastWholeLinesAreKept() throws IOException {
        assertThat(tail("first\nä\nsecond\n", 9, 10)).isEqualTo(new LogTail(java.util.List.of("second"), false));
        assertThat(tail("a\nb\nc\n", 100, 2)).isEqualTo(new LogTail(java.util.List.of("b", "c"), false));
    }

    @Test
    void ofOneLineThatIsTooLongTheEndIsKept() throws IOException {
        assertThat(tail("a\n" + "y".repeat(100) + "z\n", 10, 10).lines()).containsExactly("… yyyyyyyyz");
        assertThat(tail("y".repeat(100) + "z", 10, 10).lines()).containsExactly("… yyyyyyyyyz");
    }

    @Test
    void aLineIsNeverCutInTheMiddleOfACharacter() {
        assertThat(LogTail.start("ab😀cd", 3)).isEqualTo("ab… and 4 more characters");
        assertThat(LogTail.start("ab😀cd", 4)).isEqualTo("ab😀… and 2 more characters");
    }

    private LogTail tail(String text, int bytes, int lines) throws IOException {
        return LogTail.of(Files.writeString(directory.resolve("log"), text), bytes, lines);
    }
}
