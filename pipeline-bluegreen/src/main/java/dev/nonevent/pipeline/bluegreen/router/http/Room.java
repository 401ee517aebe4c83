package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the clients that are connected, and lets no more in than there is room for. Safe for use by several threads. */
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

    private final int places;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicLong turnedAway = new AtomicLong();

    Room(int places) {
        this.places = places;
    }

    /** False if there is none left, and then the client is told so; a place is free again once its connection is closed. */
    boolean takes(Channel client) {
        if (taken.incrementAndGet() > places) {
            taken.decrementAndGet();
            turnedAway.incrementAndGet();
            new Line(client).closeAfter(Unpooled.copiedBuffer(FULL, StandardCharsets.US_ASCII));
            return false;
        }
        client.closeFuture().addListener(closed -> taken.decrementAndGet());
        return true;
    }

    /** Those who found none, ever. */
    long turnedAway() {
        return turnedAway.get();
    }
}
