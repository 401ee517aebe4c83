package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance that answers, or misbehaves, exactly as its script says. */
public final class RawInstance implements AutoCloseable {

    public final AtomicInteger connections = new AtomicInteger();
    public final List<RawClient.Message> requests = new CopyOnWriteArrayList<>();
    final List<Throwable> ends = new CopyOnWriteArrayList<>();
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Script script;

    /** Serves one connection; its end is the connection's. */
    public interface Script {
        void serve(Line line) throws IOException;
    }

    /** What a script sees of its connection. */
    public final class Line {
        public final Socket socket;
        public final InputStream in;
        public final int number;

        private Line(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        public RawClient.Message read() throws IOException {
            RawClient.Message request = RawClient.read(in, false);
            requests.add(request);
            return request;
        }

        public RawClient.Message readHead() throws IOException {
            RawClient.Message request = RawClient.read(in, true);
            requests.add(request);
            return request;
        }

        public Line say(String text) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return this;
        }

        public Line answer(String body) throws IOException {
            return say("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }
    }

    public RawInstance(Script script) throws IOException {
        this(0, script);
    }

    /** One that comes back where it was. */
    public RawInstance(int port, Script script) throws IOException {
        this.listener = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
        this.script = script;
        Thread acceptor = new Thread(this::accept, "instance");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers each request on each connection with this. */
    public static RawInstance answering(String body) throws IOException {
        return answering(0, body);
    }

    public static RawInstance answering(int port, String body) throws IOException {
        return new RawInstance(port, line -> {
            while (true) {
                line.read();
                line.answer(body);
            }
        });
    }

    public Target target(String deployment) {
        return new Target(Colour.BLUE, deployment, URI.create("http://127.0.0.1:" + listener.getLocalPort()));
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                int number = connections.incrementAndGet();
                Thread server = new Thread(() -> serve(socket, number), "instance " + number);
                server.setDaemon(true);
                server.start();
            }
        } catch (IOException e) {
            ends.add(e);
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            socket.setTcpNoDelay(true);
            script.serve(new Line(socket, number));
        } catch (IOException e) {
            ends.add(e);
        } finally {
            open.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
