package dev.nonevent.pipeline.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Before a plain HTTP server of the JDK's: ends at once whoever begins with TLS, as registries do. Without it an engine, which
 * tries that first, waits for ten seconds each time.
 */
final class PlainDoor implements AutoCloseable {

    private static final int TLS = 0x16;

    private final InetSocketAddress behind;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    PlainDoor(InetSocketAddress behind) throws IOException {
        this.behind = behind;
        daemon(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket each : open) {
            each.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                open.add(client);
                daemon(() -> serve(client));
            }
        } catch (IOException closed) {
            // The door was closed, which is how it ends.
        }
    }

    private void serve(Socket client) {
        try (client;
                PushbackInputStream said = new PushbackInputStream(client.getInputStream())) {
            int first = said.read();
            if (first < 0 || first == TLS) {
                return;
            }
            said.unread(first);
            try (Socket server = new Socket(behind.getAddress(), behind.getPort())) {
                open.add(server);
                daemon(() -> pass(server, client));
                said.transferTo(server.getOutputStream());
            }
        } catch (IOException gone) {
            // One side is gone, and with it the other.
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream answers = from.getInputStream()) {
            answers.transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // One side is gone, and with it the other.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "door");
        thread.setDaemon(true);
        thread.start();
    }
}
