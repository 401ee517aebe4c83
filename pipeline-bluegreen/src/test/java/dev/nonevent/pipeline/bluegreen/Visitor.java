package dev.nonevent.pipeline.bluegreen;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One user with a browser: it keeps the cookie it is given, and repeats nothing. */
final class Visitor {

    private static final Pattern COOKIE = Pattern.compile("(?im)^set-cookie: *([^;\r\n]+)");

    private final int port;
    private final String header;
    private String cookie = "";

    Visitor(int port) {
        this(port, "");
    }

    /** @param header that each request carries: {@code X-Beta: yes} */
    Visitor(int port, String header) {
        this.port = port;
        this.header = header;
    }

    /** The body of a 200. */
    String ask() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String request = "GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
                    + (header.isEmpty() ? "" : header + "\r\n")
                    + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = all(socket.getInputStream());
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException(answer);
            }
            Matcher given = COOKIE.matcher(answer);
            if (given.find()) {
                cookie = given.group(1);
            }
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static String all(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
