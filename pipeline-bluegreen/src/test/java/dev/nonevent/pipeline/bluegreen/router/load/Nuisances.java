package dev.nonevent.pipeline.bluegreen.router.load;

import dev.nonevent.pipeline.bluegreen.router.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Users who harm by being slow or rude, on one thread that acts 50 times a second: some write a request byte by byte, some
 * read a large answer in small pieces, and one each time resets its connection in the middle of a request. When a slow one
 * is done, another takes its place.
 */
public final class Nuisances implements AutoCloseable {

    private static final int TICK_MILLIS = 20;
    private static final int PIECE = 4096;
    private static final String BODY = "slow".repeat(10);
    private static final String POST = "POST /small HTTP/1.1\r\nHost: shop\r\nContent-Length: ";

    private final URI address;
    private final int each;
    private final List<Slow> slow = new ArrayList<>();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicLong disturbed = new AtomicLong();
    private final AtomicLong resets = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "nuisances");

    /** @param each so many slow writers, and so many slow readers */
    public Nuisances(URI address, int each) {
        this.address = address;
        this.each = each;
        thread.setDaemon(true);
    }

    /** One slow request. */
    private abstract static class Slow {
        final RawClient client;

        Slow(RawClient client) {
            this.client = client;
        }

        /** True once it is done. */
        abstract boolean act() throws IOException;
    }

    private static final class SlowWriter extends Slow {
        private final byte[] request;
        private int sent;

        SlowWriter(RawClient client) {
            super(client);
            request = (POST + BODY.length() + "\r\n\r\n" + BODY).getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        boolean act() throws IOException {
            if (sent < request.length) {
                client.socket.getOutputStream().write(request[sent++]);
                return false;
            }
            return client.socket.getInputStream().available() > 0
                    && client.read().status() == 200;
        }
    }

    private static final class SlowReader extends Slow {
        private final byte[] piece = new byte[PIECE];
        private int left = -1;

        SlowReader(RawClient client) throws IOException {
            super(client);
            client.send("GET /large HTTP/1.1\r\nHost: shop\r\n\r\n");
        }

        @Override
        boolean act() throws IOException {
            InputStream in = client.socket.getInputStream();
            if (in.available() == 0) {
                return false;
            }
            int read = in.read(piece);
            if (left < 0) {
                String head = new String(piece, 0, read, StandardCharsets.ISO_8859_1);
                if (!head.startsWith("HTTP/1.1 200")) {
                    throw new IOException(head);
                }
                left = Instances.LARGE + head.indexOf("\r\n\r\n") + 4;
            }
            left -= read;
            return left <= 0;
        }
    }

    public Nuisances start() {
        thread.start();
        return this;
    }

    /** Slow requests that were answered in the end. */
    public long finished() {
        return finished.get();
    }

    /** Slow requests that were not. */
    public long disturbed() {
        return disturbed.get();
    }

    public long resets() {
        return resets.get();
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        thread.join();
    }

    private void run() {
        try {
            while (!over.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                reset();
                for (int i = 0; i < 2 * each; i++) {
                    act(i);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            disturbed.incrementAndGet();
        } finally {
            slow.forEach(Nuisances::leave);
        }
    }

    private void act(int place) throws IOException {
        if (place == slow.size()) {
            slow.add(newcomer(place));
        }
        Slow one = slow.get(place);
        boolean done;
        try {
            done = one.act();
            if (done) {
                finished.incrementAndGet();
            }
        } catch (IOException e) {
            disturbed.incrementAndGet();
            done = true;
        }
        if (done) {
            leave(one);
            slow.set(place, newcomer(place));
        }
    }

    private Slow newcomer(int place) throws IOException {
        RawClient client = new RawClient(address);
        client.socket.setReceiveBufferSize(PIECE);
        return place % 2 == 0 ? new SlowWriter(client) : new SlowReader(client);
    }

    /** Half a request, and then a reset instead of the rest. */
    private void reset() throws IOException {
        RawClient client = new RawClient(address);
        client.send(POST + BODY.length() + "\r\n\r\nhalf");
        client.socket.setSoLinger(true, 0);
        client.close();
        resets.incrementAndGet();
    }

    private static void leave(Slow one) {
        try {
            one.client.close();
        } catch (IOException e) {
            // it was broken already, and is gone now
            return;
        }
    }
}
