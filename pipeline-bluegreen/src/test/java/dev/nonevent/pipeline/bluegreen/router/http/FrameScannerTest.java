package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameScannerTest {

    private final FrameScanner scanner = new FrameScanner();

    @Test
    void beginsAtABoundary() {
        assertThat(scanner.atBoundary()).isTrue();
        assertThat(scanner.closeSeen()).isFalse();
    }

    @Test
    void knowsEveryBoundaryWhereverTheBytesAreSplit() {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            FrameScanner fresh = new FrameScanner();
            List<byte[]> frames = new ArrayList<>();
            for (int size : new int[] {0, 1, 125, 126, 127, 65_535, 65_536}) {
                frames.add(Frames.frame(random.nextInt(3), new byte[size], random.nextBoolean()));
            }
            for (byte[] frame : frames) {
                int at = 0;
                while (at < frame.length) {
                    int until = at + 1 + random.nextInt(random.nextBoolean() ? 3 : 40_000);
                    until = Math.min(until, frame.length);
                    fresh.follow(Unpooled.wrappedBuffer(frame, at, until - at));
                    at = until;
                    assertThat(fresh.atBoundary()).isEqualTo(at == frame.length);
                }
            }
        }
    }

    @Test
    void stopsAtTheFirstBoundary() {
        ByteBuf two = Unpooled.wrappedBuffer(Frames.text("one"), Frames.text("two"));
        scanner.follow(two.readSlice(3));

        int rest = scanner.followToBoundary(two);

        assertThat(rest).isEqualTo(2);
        assertThat(scanner.atBoundary()).isTrue();
    }

    @Test
    void closeIsSeenOnceItIsWhole() {
        byte[] close = Frames.close(1000, true);
        scanner.follow(Unpooled.wrappedBuffer(close, 0, close.length - 1));
        assertThat(scanner.closeSeen()).isFalse();

        scanner.follow(Unpooled.wrappedBuffer(close, close.length - 1, 1));

        assertThat(scanner.closeSeen()).isTrue();
    }

    @Test
    void emptyCloseIsSeenToo() {
        scanner.follow(Unpooled.wrappedBuffer(Frames.frame(Frames.CLOSE, new byte[0], false)));

        assertThat(scanner.closeSeen()).isTrue();
    }

    @Test
    void lengthThatCannotBeIsNeverFollowedByABoundary() {
        byte[] frame = {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1};
        scanner.follow(Unpooled.wrappedBuffer(frame));

        scanner.follow(Unpooled.wrappedBuffer(new byte[1000]));

        assertThat(scanner.atBoundary()).isFalse();
        assertThat(scanner.followToBoundary(Unpooled.wrappedBuffer(new byte[10])))
                .isEqualTo(10);
    }
}
