package dev.nonevent.pipeline.bluegreen.metric;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A server on this machine that always says the same, and remembers what it was asked. */
final class MetricServer implements AutoCloseable {

    record Question(String path, String query, Optional<String> authorization) {}

    final List<Question> asked = Collections.synchronizedList(new ArrayList<>());
    volatile int status = 200;
    volatile byte[] answer = new byte[0];
    volatile Optional<String> location = Optional.empty();

    private final HttpServer server;

    MetricServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    void says(int newStatus, String text) {
        status = newStatus;
        answer = text.getBytes(StandardCharsets.UTF_8);
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.add(new Question(
                exchange.getRequestURI().getPath(),
                String.valueOf(exchange.getRequestURI().getQuery()),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
        location.ifPresent(to -> exchange.getResponseHeaders().add("Location", to));
        exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(answer);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
