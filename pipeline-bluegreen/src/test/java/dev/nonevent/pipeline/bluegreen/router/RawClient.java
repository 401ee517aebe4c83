package dev.nonevent.pipeline.bluegreen.router;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that hides nothing: one socket, bytes as they are. */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    public final Socket socket;
    private final InputStream in;

    public RawClient(URI address) throws IOException {
        this(address.getHost(), address.getPort());
    }

    public RawClient(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** A message as it was read; header names in lower case. */
    public record Message(String firstLine, Map<String, String> headers, String body) {

        public int status() {
            return Integer.parseInt(firstLine.split(" ")[1]);
        }
    }

    public RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** What comes, byte for byte. */
    public InputStream in() {
        return in;
    }

    public Message get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: shop\r\n\r\n");
        return read();
    }

    public Message read() throws IOException {
        return read(in, false);
    }

    public Message readWithoutBody() throws IOException {
        return read(in, true);
    }

    /** True if the other side ended the connection and had nothing more to say. */
    public boolean atEnd() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    public static Message read(InputStream in, boolean bodiless) throws IOException {
        String first = line(in);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + ", " + b);
        }
        return new Message(first, headers, bodiless ? "" : body(in, first, headers));
    }

    private static String body(InputStream in, String first, Map<String, String> headers) throws IOException {
        if ("chunked".equals(headers.get("transfer-encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = size(in); size > 0; size = size(in)) {
                body.write(exactly(in, size));
                line(in);
            }
            for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
                int colon = trailer.indexOf(':');
                headers.put(
                        "trailer:" + trailer.substring(0, colon).toLowerCase(Locale.ROOT),
                        trailer.substring(colon + 1).strip());
            }
            return body.toString(StandardCharsets.ISO_8859_1);
        }
        if (headers.containsKey("content-length")) {
            return new String(
                    exactly(in, Integer.parseInt(headers.get("content-length"))), StandardCharsets.ISO_8859_1);
        }
        boolean untilClose = first.startsWith("HTTP/") && !first.contains(" 1") && !first.contains(" 204");
        return untilClose ? new String(in.readAllBytes(), StandardCharsets.ISO_8859_1) : "";
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("body ends after " + bytes.length + " of " + size + " bytes");
        }
        return bytes;
    }

    public static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("connection ended within a line: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
