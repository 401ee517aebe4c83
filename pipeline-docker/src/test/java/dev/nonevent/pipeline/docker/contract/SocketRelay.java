package dev.nonevent.pipeline.docker.contract;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A unix socket that passes everything on to another, until it is cut or closed. */
public final class SocketRelay implements AutoCloseable {

    private static final Pattern REQUEST =
            Pattern.compile("(GET|HEAD|POST|PUT|DELETE) (?:/v[0-9.]+)?(/[^ ?]*)[^ ]* HTTP/1\\.1\r\n");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final Path target;
    private final ServerSocketChannel server;
    private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch waiting = new CountDownLatch(1);

    private SocketRelay(Path target, ServerSocketChannel server) {
        this.target = target;
        this.server = server;
    }

    public static SocketRelay to(Path target, Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        SocketRelay relay = new SocketRelay(target, server);
        daemon(relay::accept);
        return relay;
    }

    /** Waits until somebody has asked for a container's end. */
    public boolean awaitWaiting() throws InterruptedException {
        return waiting.await(30, TimeUnit.SECONDS);
    }

    /** Each request until now, without its parameters, {@code _} for each id: {@code GET /containers/_/json}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Cuts every connection there is; new ones are taken. */
    public void cut() throws IOException {
        for (SocketChannel each = open.poll(); each != null; each = open.poll()) {
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(target));
                open.add(client);
                open.add(engine);
                daemon(() -> pass(client, engine));
                daemon(() -> pass(engine, client));
            }
        } catch (IOException closed) {
            // The relay was closed, which is how it ends.
        }
    }

    private void pass(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                look(StandardCharsets.ISO_8859_1.decode(buffer.duplicate()).toString());
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException cut) {
            // One side is gone, and with it the other.
        }
    }

    private void look(String passing) {
        Matcher request = REQUEST.matcher(passing);
        while (request.find()) {
            requests.add(request.group(1) + " " + ID.matcher(request.group(2)).replaceAll("_"));
        }
        if (passing.contains("/wait HTTP/")) {
            waiting.countDown();
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
