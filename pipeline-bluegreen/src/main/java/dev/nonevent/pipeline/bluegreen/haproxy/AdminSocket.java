package dev.nonevent.pipeline.bluegreen.haproxy;

import dev.nonevent.pipeline.bluegreen.traffic.TrafficUnknownException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** What HAProxy calls its runtime API: one connection for each question, the answer's end is the connection's. */
final class AdminSocket {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int LARGEST_ANSWER = 4 * 1024 * 1024;
    private static final int PIECE = 64 * 1024;
    private static final long MILLI = 1_000_000;

    private final Path socket;
    private final TimeSource time;

    AdminSocket(Path socket, TimeSource time) {
        this.socket = socket;
        this.time = time;
    }

    /**
     * Whether an HAProxy listens there.
     *
     * @throws TrafficUnknownException if somebody does, and does not answer
     */
    boolean answers() {
        try {
            return !Files.notExists(socket) && said("show version").contains(".");
        } catch (ConnectException | NoSuchFileException nobody) {
            return false;
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /**
     * What it says; without the blank lines around it.
     *
     * @throws TrafficUnknownException if it cannot be reached, or does not let us ask
     */
    String ask(String command) {
        String answer;
        try {
            answer = said(command).strip();
        } catch (IOException e) {
            throw unreachable(e);
        }
        if (answer.contains("Permission denied")) {
            throw new TrafficUnknownException("the HAProxy of " + socket + " refuses \"" + command.split(" ", 3)[0]
                    + "\" (" + answer + "): write \"level admin\" behind its stats socket");
        }
        return answer;
    }

    /** Something that has no answer if it is done. */
    void tell(String command) {
        String answer = ask(command);
        if (!answer.isEmpty()) {
            throw new TrafficUnknownException(
                    "the HAProxy of " + socket + " answers to \"" + command + "\": " + answer);
        }
    }

    private TrafficUnknownException unreachable(IOException e) {
        return new TrafficUnknownException(
                "the HAProxy of " + socket + " does not answer (" + e.getMessage()
                        + "): it has ended or hangs, or this user may not open its socket; nobody knows where traffic is",
                e);
    }

    private String said(String command) throws IOException {
        long until = time.nanos() + PATIENCE.toNanos();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            // a connection that blocks would wait for ever for one that hangs while others wait for it
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(socket))) {
                throw new IOException("too many wait for its answer already");
            }
            ByteBuffer question = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
            while (question.hasRemaining()) {
                if (channel.write(question) == 0) {
                    await(channel, selector, SelectionKey.OP_WRITE, until);
                }
            }
            return read(channel, selector, until);
        }
    }

    private String read(SocketChannel channel, Selector selector, long until) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        for (int count = channel.read(piece); count >= 0; count = channel.read(piece)) {
            if (count == 0) {
                await(channel, selector, SelectionKey.OP_READ, until);
            }
            answer.write(piece.array(), 0, piece.position());
            piece.clear();
            if (answer.size() > LARGEST_ANSWER) {
                throw new IOException("more than " + LARGEST_ANSWER + " bytes of answer");
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private void await(SocketChannel channel, Selector selector, int operation, long until) throws IOException {
        long left = until - time.nanos();
        if (left <= 0) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s");
        }
        channel.register(selector, operation);
        selector.select(left / MILLI + 1);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
    }
}
