package dev.nonevent.pipeline.trigger;

import com.sun.net.httpserver.HttpExchange;
import dev.nonevent.pipeline.text.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

/**
 * A request's body, read to its end into a file that goes away with this object. JGit skips to the end of what it is given,
 * which never returns on the JDK server's own stream; on a file it does.
 */
final class RequestBody implements AutoCloseable {

    /** How long a whole body may take. */
    private static final long SECONDS = 600;

    /** How long the rest of a refused body may take. */
    private static final long REFUSED_SECONDS = 30;

    private final FileChannel file;

    private RequestBody(FileChannel file) {
        this.file = file;
    }

    /** @param most how many bytes are taken, unpacked */
    static RequestBody read(HttpExchange exchange, String service, long most, ScheduledExecutorService alarms)
            throws IOException, RequestRefused {
        requireGit(exchange, service);
        Future<?> alarm = alarms.schedule(exchange::close, SECONDS, TimeUnit.SECONDS);
        Path place = Files.createTempFile("git-request", ".body");
        // Opened so, the file has no name any more on Unix: nothing is left behind whatever happens.
        FileChannel file = FileChannel.open(
                place, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            copy(unpacked(exchange), file, most);
            return new RequestBody(file.position(0));
        } catch (IOException | RequestRefused | RuntimeException refused) {
            file.close();
            throw refused;
        } finally {
            alarm.cancel(false);
        }
    }

    /** A form of a web page cannot say what git says. */
    static void requireGit(HttpExchange exchange, String service) throws RequestRefused {
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (!type.equals("application/x-" + service + "-request")) {
            throw new RequestRefused(415, "a request of a git client is needed, not " + clean(type));
        }
    }

    /**
     * Reads what a refused client still sends, and keeps nothing. A connection that is closed on unread bytes is reset, and
     * the client loses the answer it has not read yet.
     */
    static void discard(HttpExchange exchange, ScheduledExecutorService alarms) throws IOException {
        Future<?> alarm = alarms.schedule(exchange::close, REFUSED_SECONDS, TimeUnit.SECONDS);
        try {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
        } finally {
            alarm.cancel(false);
        }
    }

    InputStream bytes() {
        return Channels.newInputStream(file);
    }

    private static InputStream unpacked(HttpExchange exchange) throws IOException, RequestRefused {
        String encoding = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Encoding"))
                .orElse("identity");
        return switch (encoding) {
            case "identity" -> exchange.getRequestBody();
            case "gzip", "x-gzip" -> new GZIPInputStream(exchange.getRequestBody());
            default -> throw new RequestRefused(415, "bodies are taken plain or as gzip, not as " + clean(encoding));
        };
    }

    private static void copy(InputStream from, FileChannel to, long most) throws IOException, RequestRefused {
        byte[] buffer = new byte[1 << 16];
        long left = most;
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            left -= count;
            if (left < 0) {
                throw new RequestRefused(413, "more than " + most + " bytes in one request are not taken");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        }
    }

    private static String clean(String text) {
        return OneLine.escaped(text, 60);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
