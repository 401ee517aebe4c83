package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455, 5.2) and keeps none of them: knows where one ends, so that
 * a frame of our own can be put between two. What the frames mean, compressed or not, is not its business.
 */
final class FrameScanner {

    private static final int CLOSE = 8;
    private static final int SHORTEST_HEAD = 2;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int EIGHT_BYTE_LENGTH = 127;

    // of the head that is being read
    private int headRead;
    private int headLength = SHORTEST_HEAD;
    private int lengthBytes;
    private long announced;
    private boolean isClose;

    private long payloadLeft;
    private boolean closeSeen;
    private boolean lost;

    /** Whether a frame may begin here; never again once the frames make no sense. */
    boolean atBoundary() {
        return headRead == 0 && payloadLeft == 0 && !lost;
    }

    /** Whether a whole Close frame has passed: nothing that follows means anything. */
    boolean closeSeen() {
        return closeSeen;
    }

    /** Follows all bytes that can be read from the buffer, and leaves them there. */
    void follow(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            at = followOneFrame(bytes, at);
        }
    }

    /**
     * Follows the bytes up to the end of the frame that is under way, and leaves them there.
     *
     * @return how many they are; all of them, if it does not end in this buffer
     */
    int followToBoundary(ByteBuf bytes) {
        return followOneFrame(bytes, bytes.readerIndex()) - bytes.readerIndex();
    }

    private int followOneFrame(ByteBuf bytes, int from) {
        int at = from;
        int end = bytes.writerIndex();
        while (payloadLeft == 0 && at < end && !lost) {
            takeHead(bytes.getUnsignedByte(at++));
            if (headRead == headLength) {
                headRead = 0;
                headLength = SHORTEST_HEAD;
                endIfWhole();
                if (payloadLeft == 0) {
                    return at;
                }
            }
        }
        if (lost) {
            return end;
        }
        int taken = (int) Math.min(payloadLeft, end - at);
        payloadLeft -= taken;
        if (taken > 0) {
            endIfWhole();
        }
        return at + taken;
    }

    private void takeHead(int octet) {
        if (headRead == 0) {
            isClose = (octet & 0x0F) == CLOSE;
        } else if (headRead == 1) {
            int length = octet & 0x7F;
            lengthBytes = length == TWO_BYTE_LENGTH ? 2 : length == EIGHT_BYTE_LENGTH ? 8 : 0;
            announced = lengthBytes == 0 ? length : 0;
            headLength = SHORTEST_HEAD + lengthBytes + ((octet & 0x80) == 0 ? 0 : 4);
        } else if (headRead < SHORTEST_HEAD + lengthBytes) {
            announced = announced << 8 | octet;
        }
        headRead++;
        if (headRead == headLength) {
            payloadLeft = announced;
            lost = payloadLeft < 0;
        }
    }

    private void endIfWhole() {
        if (payloadLeft == 0 && isClose) {
            closeSeen = true;
        }
    }
}
