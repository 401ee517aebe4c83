package dev.nonevent.pipeline.trigger;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes back to the pusher, written by a thread of its own: somebody who hangs up or stops reading must not hold up
 * the run whose progress he is shown. After 30 seconds without room he counts as gone, and every write fails at once.
 */
final class PusherStream extends OutputStream {

    private static final Logger LOG = LoggerFactory.getLogger(PusherStream.class);
    private static final int CHUNKS = 1_024;
    private static final long PATIENCE_SECONDS = 30;
    private static final byte[] END = new byte[0];

    private final OutputStream body;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(CHUNKS);
    private final Thread writer = new Thread(this::writeAll, "push-server-writer");
    private volatile boolean gone;

    PusherStream(OutputStream body) {
        this.body = body;
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            put(Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    private void put(byte[] chunk) throws IOException {
        try {
            if (gone || !waiting.offer(chunk, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                gone = true;
                throw new IOException("the pusher is gone");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing to the pusher", interrupted);
        }
    }

    private void writeAll() {
        try (body) {
            for (byte[] chunk = waiting.take(); chunk != END; chunk = waiting.take()) {
                body.write(chunk);
                if (waiting.isEmpty()) {
                    body.flush();
                }
            }
        } catch (IOException hungUp) {
            LOG.debug("the pusher hung up", hungUp);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            gone = true;
            waiting.clear();
        }
    }

    /** Waits until everything is written, or the pusher is gone. */
    @Override
    public void close() throws IOException {
        if (gone) {
            return;
        }
        put(END);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
