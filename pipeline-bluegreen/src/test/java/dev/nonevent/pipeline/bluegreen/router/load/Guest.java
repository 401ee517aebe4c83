package dev.nonevent.pipeline.bluegreen.router.load;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One user of a {@link Crowd}: asks, reads the whole answer, checks it, rests. Lives on the crowd's thread. */
final class Guest {

    private final Crowd crowd;
    private final boolean keepAlive;
    private final long think;
    private long due;

    private @Nullable SocketChannel channel;
    private Inbox inbox = new Inbox();
    private ByteBuffer unsent = ByteBuffer.allocate(0);
    private int id;
    private int oldestAllowed;
    private boolean asking;
    private boolean answered;

    Guest(Crowd crowd, boolean keepAlive, long think, long due) {
        this.crowd = crowd;
        this.keepAlive = keepAlive;
        this.think = think;
        this.due = due;
    }

    /** When it wants to ask again, by {@link System#nanoTime}. */
    long due() {
        return due;
    }

    void ask() {
        asking = true;
        answered = false;
        try {
            if (channel == null) {
                connect();
            } else {
                send();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    void ready(SelectionKey key) {
        try {
            if (key.isConnectable()) {
                ((SocketChannel) key.channel()).finishConnect();
                send();
            } else if (key.isWritable()) {
                write(key);
            } else if (key.isReadable()) {
                read();
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    void leave() {
        SocketChannel left = channel;
        channel = null;
        if (left == null) {
            return;
        }
        crowd.connections(-1);
        try {
            left.close();
        } catch (IOException e) {
            crowd.failed("a connection cannot be closed: " + e);
        }
    }

    private void connect() throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        crowd.connections(1);
        inbox = new Inbox();
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = opened.register(crowd.selector(), SelectionKey.OP_CONNECT, this);
        if (opened.connect(crowd.address())) {
            key.interestOps(SelectionKey.OP_READ);
            send();
        }
    }

    private void send() throws IOException {
        id = crowd.nextId();
        // before the first byte leaves: what returned until now must be obeyed
        oldestAllowed = crowd.oldestAllowed();
        String head = " /" + id + " HTTP/1.1\r\nHost: shop\r\n" + (keepAlive ? "" : "Connection: close\r\n");
        String request = id % 2 == 0
                ? "GET" + head + "\r\n"
                : "POST" + head + "Content-Length: " + Integer.toString(id).length() + "\r\n\r\n" + id;
        unsent = ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1));
        SocketChannel to = Objects.requireNonNull(channel);
        write(to.keyFor(crowd.selector()));
    }

    private void write(SelectionKey key) throws IOException {
        Objects.requireNonNull(channel).write(unsent);
        key.interestOps(unsent.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void read() throws IOException {
        boolean goesOn = inbox.readFrom(Objects.requireNonNull(channel));
        var answer = inbox.next();
        if (answer.isPresent()) {
            check(answer.get());
        }
        if (!goesOn) {
            end();
        } else if (asking && answered && keepAlive) {
            rest();
        }
    }

    private void check(Inbox.Message answer) throws IOException {
        if (answered) {
            throw new IOException("a second answer: " + answer);
        }
        String[] said = answer.body().split(" ");
        if (!answer.firstLine().startsWith("HTTP/1.1 200 ") || said.length != 2 || !said[1].equals("" + id)) {
            throw new IOException("a wrong answer: " + answer);
        }
        if (Integer.parseInt(said[0]) < oldestAllowed) {
            throw new IOException(
                    "instance " + said[0] + " was reached after the switch to " + oldestAllowed + " had returned");
        }
        answered = true;
        crowd.answered();
    }

    /** The other side has ended the connection. */
    private void end() throws IOException {
        if (keepAlive || !asking || !answered || !inbox.isEmpty()) {
            throw new IOException("the connection was ended " + (asking ? "without an answer" : "unasked"));
        }
        leave();
        rest();
    }

    private void rest() {
        asking = false;
        due = System.nanoTime() + think;
        crowd.rests(this);
    }

    /** Told, and tried anew on another connection, as a user would. */
    private void fail(Exception e) {
        crowd.failed("request " + id + (keepAlive ? " on a kept connection" : " on its own connection") + ": " + e);
        leave();
        if (asking) {
            rest();
        }
    }
}
