package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.channel.WriteBufferWaterMark;

/** The part of an answer that waits until its client reads on, in the {@link Load}. Lives on its event loop. */
final class Unread {

    /** Above the first the instance is read from no more, below the second it is again. */
    static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(16 * 1024, 32 * 1024);

    /** Bytes read from an instance at once, at most. */
    static final int PIECE = 32 * 1024;

    /** What is above the mark came in one piece more, and pieces are kept as a whole. */
    private static final int ABOUT = MARKS.high() + PIECE;

    private final Load load;
    private boolean waits;

    Unread(Load load) {
        this.load = load;
    }

    /** False if there is too much of it, and this client is to be cut off. */
    boolean mayWait(boolean now) {
        if (now == waits) {
            return true;
        }
        waits = now;
        return load.unread(now ? ABOUT : -ABOUT) || !now;
    }
}
