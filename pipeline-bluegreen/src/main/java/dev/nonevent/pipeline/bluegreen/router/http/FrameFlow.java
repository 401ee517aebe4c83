package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * One direction of a WebSocket: bytes as they come, with our Close between two frames when it is to end, and nothing after
 * it. Who reads slower than the other writes stops the other.
 */
final class FrameFlow {

    private final Line from;
    private final Line to;
    private final ByteBuf close;
    private final FrameScanner scanner = new FrameScanner();
    private final Runnable closeArrived;
    private boolean ending;
    private boolean ended;

    /**
     * @param close our Close frame for who is at the end of it
     * @param closeArrived runs when a Close has left for there, ours or that of the other side
     */
    FrameFlow(Line from, Line to, ByteBuf close, Runnable closeArrived) {
        this.from = from;
        this.to = to;
        this.close = close;
        this.closeArrived = closeArrived;
    }

    void pass(ByteBuf bytes) {
        if (ended) {
            // what comes after our Close is only looked at for the answer to it
            scanner.follow(bytes);
            bytes.release();
            return;
        }
        if (!ending) {
            scanner.follow(bytes);
            send(bytes);
            return;
        }
        send(bytes.readRetainedSlice(scanner.followToBoundary(bytes)));
        endAtBoundary();
        scanner.follow(bytes);
        bytes.release();
    }

    /** Ends it after the frame that is under way. */
    void end() {
        if (!ending) {
            ending = true;
            endAtBoundary();
        }
    }

    void flush() {
        to.flush();
    }

    /** Who reads it takes more. */
    void goOn() {
        from.readOn(true);
    }

    /** Whether the sender has said Close: then it sends nothing more, and waits for the end. */
    boolean senderClosed() {
        return scanner.closeSeen();
    }

    private void endAtBoundary() {
        if (ended || !scanner.atBoundary()) {
            return;
        }
        ended = true;
        to.writeThen(scanner.closeSeen() ? Unpooled.EMPTY_BUFFER : close, closeArrived);
        to.flush();
        from.readOn(true);
    }

    private void send(ByteBuf bytes) {
        to.write(bytes);
        if (!to.isWritable()) {
            from.readOn(false);
        }
    }
}
