package dev.nonevent.pipeline.bluegreen.router.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Finished;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One line of JSON for each finished request, written by a thread of its own.
 *
 * <p>Nobody waits for the disk: while it is slower than the users, or full, lines are dropped and counted. Neither headers
 * nor queries are written.
 */
public final class AccessLog implements Finished.Listener, AutoCloseable {

    private static final int WAITING = 8_192;
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final double NANOS_OF_A_MILLI = 1e6;
    private static final double TENTHS = 10;

    private final JsonFactory json = new JsonFactory();
    private final BlockingQueue<Finished> waiting;
    private final AtomicLong dropped = new AtomicLong();
    private final RotatingFile file;
    private final Thread writer = new Thread(this::write, "access log");

    private volatile boolean ending;

    // of the writer
    private long unsure;

    private AccessLog(RotatingFile file, int atMost) {
        this.file = file;
        this.waiting = new ArrayBlockingQueue<>(atMost);
    }

    /** @throws InfrastructureException if nothing can be written there */
    public static AccessLog in(Path path) {
        return in(new RotatingFile(path, RotatingFile.USUAL_SIZE), WAITING);
    }

    static AccessLog in(RotatingFile file, int atMost) {
        try {
            file.open();
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the access log cannot be written to " + file + " (" + e.getMessage()
                            + "): name a file that this user may write",
                    e);
        }
        AccessLog log = new AccessLog(file, atMost);
        log.writer.setDaemon(true);
        log.writer.start();
        return log;
    }

    @Override
    public void finished(Finished request) {
        if (!waiting.offer(request)) {
            dropped.incrementAndGet();
        }
    }

    /** Lines that were not surely written. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is waiting, for a limited time. */
    @Override
    public void close() {
        ending = true;
        writer.interrupt();
        try {
            writer.join(FAREWELL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            while (!ending) {
                keep(waiting.take());
            }
        } catch (InterruptedException e) {
            // it is the end: what waits is written below
        }
        for (Finished last = waiting.poll(); last != null; last = waiting.poll()) {
            keep(last);
        }
        try {
            file.close();
        } catch (IOException e) {
            dropped.addAndGet(unsure);
        }
    }

    private void keep(Finished request) {
        unsure++;
        try {
            file.append(line(request));
            if (waiting.isEmpty()) {
                file.flush();
                unsure = 0;
            }
        } catch (IOException e) {
            // a full disk must not take the users' traffic down: the log loses lines, and the metrics say how many
            dropped.addAndGet(unsure);
            unsure = 0;
        }
    }

    private byte[] line(Finished request) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        try (JsonGenerator to = json.createGenerator(line)) {
            to.writeStartObject();
            to.writeStringField("time", request.at().toString());
            to.writeStringField("client", request.client());
            to.writeStringField("method", request.method());
            to.writeStringField("path", request.path());
            to.writeNumberField("status", request.status());
            to.writeNumberField("bytes", request.bytes());
            to.writeNumberField("ms", Math.round(request.nanos() / NANOS_OF_A_MILLI * TENTHS) / TENTHS);
            if (request.target().isPresent()) {
                Target target = request.target().get();
                to.writeStringField("deployment", target.deployment());
                to.writeStringField("colour", target.colour().toString());
            }
            if (request.requestId().isPresent()) {
                to.writeStringField("request_id", request.requestId().get());
            }
            to.writeBooleanField("replayed", request.replayed());
            if (request.failure().isPresent()) {
                to.writeStringField("failure", request.failure().get());
            }
            to.writeEndObject();
            to.writeRaw('\n');
        }
        return line.toByteArray();
    }
}
