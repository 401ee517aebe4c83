package dev.nonevent.pipeline.bluegreen;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real service: its release is a file with its version and, for some, the word {@code broken}, or {@code flaky}: then it
 * fails one request in twenty.
 */
final class TinyService {

    private TinyService() {}

    public static void main(String... args) throws IOException {
        String release = Files.readString(Path.of(args[0])).strip();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1])), 64);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/health", exchange -> answer(exchange, 200, "fit"));
        server.createContext("/worker", exchange -> {
            System.out.println(
                    "worker " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, 200, "heard");
        });
        AtomicInteger asked = new AtomicInteger();
        server.createContext("/", exchange -> {
            boolean flaky = release.contains("flaky") && asked.incrementAndGet() % 20 == 0;
            answer(exchange, flaky || release.contains("broken") ? 500 : 200, release);
        });
        server.start();
        System.out.println(release + " listens on " + args[1]);
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
