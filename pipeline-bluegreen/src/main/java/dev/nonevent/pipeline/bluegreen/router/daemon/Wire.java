package dev.nonevent.pipeline.bluegreen.router.daemon;

import dev.nonevent.pipeline.time.TimeSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Lines over a unix socket, each of limited length and each within a time. An interrupt ends it with an
 * {@link InterruptedIOException} and is kept. One thread may read while another one writes.
 */
public final class Wire implements AutoCloseable {

    public static final int LONGEST_LINE = 256 * 1024;

    private static final long MILLI = 1_000_000;

    private final SocketChannel channel;
    private final Selector reading;
    private final Selector writing;
    private final TimeSource time = TimeSource.system();

    Wire(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.configureBlocking(false);
        reading = Selector.open();
        writing = Selector.open();
    }

    void write(String line, Duration limit) throws IOException {
        long until = time.nanos() + limit.toNanos();
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        if (bytes.remaining() > LONGEST_LINE) {
            throw new IOException("a line of more than " + LONGEST_LINE + " bytes is not sent");
        }
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                await(writing, SelectionKey.OP_WRITE, until);
            }
        }
    }

    String read(Duration limit) throws IOException {
        long until = time.nanos() + limit.toNanos();
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_LINE);
        while (bytes.position() == 0 || bytes.get(bytes.position() - 1) != '\n') {
            if (!bytes.hasRemaining()) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes is not read");
            }
            int count = channel.read(bytes);
            if (count < 0) {
                throw new EOFException("the other side hung up");
            }
            if (count == 0) {
                await(reading, SelectionKey.OP_READ, until);
            }
        }
        return new String(bytes.array(), 0, bytes.position() - 1, StandardCharsets.UTF_8);
    }

    /**
     * Whether the other side says something, or has hung up: what of the two, {@link #read} tells.
     *
     * @param limit zero: looks and does not wait
     */
    boolean speaks(Duration limit) throws IOException {
        channel.register(reading, SelectionKey.OP_READ);
        int ready = limit.isZero() ? reading.selectNow() : reading.select(limit.toMillis());
        reading.selectedKeys().clear();
        return ready > 0;
    }

    @Override
    public void close() throws IOException {
        reading.close();
        writing.close();
        channel.close();
    }

    private void await(Selector selector, int operation, long until) throws IOException {
        long left = until - time.nanos();
        if (left <= 0) {
            throw new SocketTimeoutException("the other side said nothing in time");
        }
        channel.register(selector, operation);
        selector.select(left / MILLI + 1);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while the other side was asked");
        }
    }
}
