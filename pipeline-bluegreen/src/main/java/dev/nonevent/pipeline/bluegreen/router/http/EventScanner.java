package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;

/** Follows server-sent events and keeps none of them: an event ends with a blank line, and lines end with CR, LF or both. */
final class EventScanner {

    private boolean lineIsEmpty = true;
    private boolean afterReturn;
    private boolean atBoundary = true;

    /** Whether no event has begun since the last one ended. */
    boolean atBoundary() {
        return atBoundary;
    }

    /** Follows all bytes that can be read from the buffer, and leaves them there. */
    void follow(ByteBuf bytes) {
        for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at++) {
            take(bytes.getByte(at));
        }
    }

    /**
     * Follows the bytes up to the end of the event that is under way, and leaves them there.
     *
     * @return how many they are; all of them, if it does not end in this buffer
     */
    int followToBoundary(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex() && !atBoundary) {
            take(bytes.getByte(at++));
        }
        return at - bytes.readerIndex();
    }

    private void take(byte octet) {
        if (octet == '\n' && afterReturn) {
            // the second half of a line's end
            afterReturn = false;
            return;
        }
        afterReturn = octet == '\r';
        boolean lineEnds = afterReturn || octet == '\n';
        atBoundary = lineEnds && lineIsEmpty;
        lineIsEmpty = lineEnds;
    }
}
