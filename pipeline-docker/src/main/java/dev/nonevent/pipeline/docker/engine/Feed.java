package dev.nonevent.pipeline.docker.engine;

import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What a main process is given to read, piece by piece: any thread adds, docker-java's sends. It ends when it is closed. */
public final class Feed extends InputStream {

    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();

    // Of the thread that reads.
    private byte[] piece = new byte[0];
    private int at;

    public void add(byte[] bytes) {
        if (bytes.length > 0) {
            pieces.add(bytes.clone());
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Waits for the next piece; an interrupt is an end. */
    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        try {
            if (at == piece.length) {
                piece = pieces.take();
                at = 0;
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            return -1;
        }
        if (piece.length == 0) {
            pieces.add(END);
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, buffer, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        pieces.add(END);
    }
}
