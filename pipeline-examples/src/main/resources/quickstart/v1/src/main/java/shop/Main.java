package shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A small shop over HTTP: its health, and what an order costs. */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        server.createContext("/health", exchange -> answer(exchange, 200, "{\"status\":\"up\"}"));
        server.createContext("/orders", Main::order);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.start();
    }

    private static void order(HttpExchange exchange) throws IOException {
        try {
            answer(exchange, 200, Orders.receipt(3));
        } catch (RuntimeException broken) {
            answer(exchange, 500, "{\"error\":\"" + broken.getClass().getSimpleName() + "\"}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
