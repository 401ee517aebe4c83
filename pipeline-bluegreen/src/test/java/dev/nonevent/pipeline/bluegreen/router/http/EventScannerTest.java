package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventScannerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"data: 1\n\n", "data: 1\r\n\r\n", "data: 1\r\r", "data: 1\n\r\n", "\n", ": beat\n\n\n", "a\r\n\n"
            })
    void eventEndsWithABlankLineWhereverTheBytesAreSplit(String event) {
        for (int split = 0; split <= event.length(); split++) {
            EventScanner scanner = new EventScanner();

            scanner.follow(bytes(event.substring(0, split)));
            scanner.follow(bytes(event.substring(split)));

            assertThat(scanner.atBoundary()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"data: 1", "data: 1\n", "data: 1\r\n", "data: 1\n\ndata", "data: 1\n\n:", "data: 1\ndata: 2\n"})
    void eventThatHasNoBlankLineYetGoesOn(String event) {
        EventScanner scanner = new EventScanner();

        scanner.follow(bytes(event));

        assertThat(scanner.atBoundary()).isFalse();
    }

    @Test
    void stopsAtTheFirstBoundary() {
        EventScanner scanner = new EventScanner();
        scanner.follow(bytes("data: ha"));

        int rest = scanner.followToBoundary(bytes("lf\n\ndata: 2\n\n"));

        assertThat(rest).isEqualTo(4);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
