package dev.nonevent.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {

    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter(lines::add);

    @Test
    void linesComeOutWholeHoweverTheirBytesAreCut() {
        byte[] bytes = "größe 1\r\n\n日本語 🚀\nend".getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            lines.clear();
            for (int at = 0; at < bytes.length; at += size) {
                splitter.write(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            }
            splitter.end();

            assertThat(lines).as("chunks of %d", size).containsExactly("größe 1", "", "日本語 🚀", "end");
        }
    }

    @Test
    void aLineWithoutEndComesInPiecesAndNothingOfItIsLost() {
        String text = "a" + "ü".repeat(100_000);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int size : List.of(1_000, 65_536, 65_537, bytes.length)) {
            lines.clear();
            for (int at = 0; at < bytes.length; at += size) {
                splitter.write(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
            }
            splitter.end();

            assertThat(String.join("", lines)).isEqualTo(text);
            assertThat(lines)
                    .hasSizeBetween(4, 5)
                    .allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= LineSplitter.LIMIT);
        }
    }

    @Test
    void bytesThatAreNoTextDoNotStopIt() {
        byte[] garbage = new byte[200_000];
        Arrays.fill(garbage, (byte) 0x80);

        splitter.write(garbage);
        splitter.end();

        assertThat(lines).hasSize(4);
    }
}
