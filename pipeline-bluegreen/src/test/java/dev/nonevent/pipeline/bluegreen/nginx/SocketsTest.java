package dev.nonevent.pipeline.bluegreen.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nonevent.pipeline.bluegreen.proxy.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@Tag("long")
class SocketsTest {

    private static final int KEPT = 500;
    private static final int LOOKS = 50;
    private static final int OTHERS = 3;
    private static final int AT_ONCE = 1_000;

    private final Closing kept = new Closing();
    private final Queue<IOException> failed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    void connectionsAreCountedOnceEachWhileOthersComeAndGo() throws Exception {
        List<Thread> others = new ArrayList<>();
        try (ServerSocket instance = local();
                ServerSocket another = local()) {
            for (int i = 0; i < KEPT; i++) {
                kept.add(new Socket(instance.getInetAddress(), instance.getLocalPort()));
                kept.add(instance.accept());
            }
            for (int i = 0; i < OTHERS; i++) {
                Thread other = new Thread(() -> comeAndGo(another));
                others.add(other);
                other.start();
            }

            List<Long> counted = new ArrayList<>();
            for (int i = 0; i < LOOKS; i++) {
                counted.add(Sockets.connectionsTo(ProcessHandle.current().pid(), endpoint(instance)));
            }

            assertThat(counted).containsOnly((long) KEPT);
            assertThat(failed).isEmpty();
        } finally {
            over.set(true);
            kept.close();
            for (Thread other : others) {
                other.join();
            }
        }
    }

    /** Without leaving any behind that would wait for their end. */
    private void comeAndGo(ServerSocket server) {
        while (!over.get()) {
            try (Closing connections = new Closing()) {
                while (!over.get() && connections.sockets.size() < AT_ONCE) {
                    connections.add(new Socket(server.getInetAddress(), server.getLocalPort()));
                    connections.add(server.accept());
                }
            } catch (IOException e) {
                failed.add(e);
                return;
            }
        }
    }

    private record Closing(List<Socket> sockets) implements AutoCloseable {

        Closing() {
            this(new ArrayList<>());
        }

        void add(Socket socket) throws IOException {
            socket.setSoLinger(true, 0);
            sockets.add(socket);
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static ServerSocket local() throws IOException {
        return new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
    }

    private static Endpoint endpoint(ServerSocket server) {
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }
}
