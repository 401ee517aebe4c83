package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the clients that are connected, and lets no more in than there is room for. Who finds none is told so, and gets a
 * moment to read it; if many find none at the same time, the others are closed at once. Safe for use by several threads.
 */
final class Room {

    private static final String FULL = String.join(
            "\r\n",
            "HTTP/1.1 503 Service Unavailable",
            "Connection: close",
            "Retry-After: 1",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Length: 30",
            "",
            "too many connections are open\n");

    /** A fatal alert of TLS, internal_error (RFC 8446, 6.2): no handshake is made for who is sent away. */
    private static final byte[] FULL_OVER_TLS = {21, 3, 3, 0, 2, 2, 80};

    private static final int TOLD_AT_ONCE = 200;

    private final int places;
    private final Duration linger;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger beingTold = new AtomicInteger();
    private final AtomicLong turnedAway = new AtomicLong();

    Room(int places, Duration linger) {
        this.places = places;
        this.linger = linger;
    }

    /** False if there is none left; a place is free again once its connection is closed. */
    boolean takes(Channel client, boolean tls) {
        if (taken.incrementAndGet() > places) {
            taken.decrementAndGet();
            turnedAway.incrementAndGet();
            turnAway(client, tls);
            return false;
        }
        client.closeFuture().addListener(closed -> taken.decrementAndGet());
        return true;
    }

    /** Those who found none, ever. */
    long turnedAway() {
        return turnedAway.get();
    }

    private void turnAway(Channel client, boolean tls) {
        client.closeFuture().addListener(closed -> beingTold.decrementAndGet());
        if (beingTold.incrementAndGet() > TOLD_AT_ONCE) {
            new Line(client).close();
        } else {
            new Line(client).lingerAfter(words(tls), linger);
        }
    }

    private static ByteBuf words(boolean tls) {
        return tls ? Unpooled.wrappedBuffer(FULL_OVER_TLS) : Unpooled.copiedBuffer(FULL, StandardCharsets.US_ASCII);
    }
}
