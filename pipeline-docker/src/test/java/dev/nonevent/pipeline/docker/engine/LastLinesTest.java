package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LastLinesTest {

    private final LastLines lines = new LastLines();

    @Test
    void onlyTheLastFiftyLinesAreKept() {
        for (int i = 1; i <= 60; i++) {
            write(i + "\n");
        }

        assertThat(lines.toList()).hasSize(50).startsWith("11").endsWith("60");
    }

    @Test
    void aLineAndACharacterMayArriveInPieces() {
        byte[] bytes = "grün\r\nrest".getBytes(StandardCharsets.UTF_8);
        for (byte each : bytes) {
            lines.write(new byte[] {each});
        }

        assertThat(lines.toList()).containsExactly("grün", "rest");
    }

    @Test
    void ofALineThatRewritesItselfTheLastStateIsKept() {
        write("one\r\n10 %\r50 %\r100 %\nend");

        assertThat(lines.toList()).containsExactly("one", "100 %", "end");
    }

    @Test
    void anEndlessLineTakesBoundedMemory() {
        for (int i = 0; i < 1000; i++) {
            write("x".repeat(1000));
        }

        assertThat(lines.toList()).singleElement().asString().hasSize(4096);
    }

    private void write(String text) {
        lines.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
