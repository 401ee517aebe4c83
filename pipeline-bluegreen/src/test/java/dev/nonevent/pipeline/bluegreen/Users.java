package dev.nonevent.pipeline.bluegreen;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Users who ask one thing after another on connections they keep, over raw sockets: an HTTP client would repeat a lost
 * request in silence. What is not a 200 is a failure.
 */
final class Users implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final int port;
    private final List<Thread> threads;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    private Users(int port, int connections) {
        this.port = port;
        this.threads = IntStream.range(0, connections)
                .mapToObj(number -> new Thread(this::ask, "user " + number))
                .toList();
    }

    static Users on(int port, int connections) {
        Users users = new Users(port, connections);
        users.threads.forEach(Thread::start);
        return users;
    }

    /** What they were told, newest last. */
    List<String> answers() {
        return List.copyOf(answers);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join(20_000);
        }
    }

    private void ask() {
        while (!over) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoTimeout(20_000);
                socket.setTcpNoDelay(true);
                InputStream in = new BufferedInputStream(socket.getInputStream());
                while (!over) {
                    socket.getOutputStream().write(REQUEST);
                    read(in);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            } catch (IOException e) {
                failures.add(e.toString());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void read(InputStream in) throws IOException {
        String status = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).trim());
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (status.startsWith("HTTP/1.1 200")) {
            answers.add(body);
        } else {
            failures.add(status + " " + body);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended in the middle of an answer");
            } else if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
