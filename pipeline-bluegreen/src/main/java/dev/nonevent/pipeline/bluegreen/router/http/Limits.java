package dev.nonevent.pipeline.bluegreen.router.http;

import java.time.Duration;

/**
 * What the router puts up with. Bodies have no limit: they are streamed, and a slow reader stops the writer.
 *
 * @param requestLine bytes of the first line
 * @param head bytes of all header fields
 * @param chunk bytes passed on at once
 * @param connect until a connection to an instance stands, else 502
 * @param clientIdle without a byte from a client the router waits for, then its connection is closed
 * @param upstreamIdle without a byte to or from an instance that owes an answer, then 504
 * @param stayIdle without a byte either way on a WebSocket or from an instance that streams events, then it is ended
 * @param farewell how long a WebSocket's client may take to answer our Close
 * @param pooled how long an unused connection to an instance is kept; well below what usual servers keep (Node.js 5 s,
 *     Tomcat 20 s, the JDK's 30 s), as one that the server closes at that moment loses the request sent over it
 * @param pooledForOnce the same for a request that must not be sent twice
 * @param linger how long what a client still sends is read and thrown away after an early answer, so that it can read it
 */
public record Limits(
        int requestLine,
        int head,
        int chunk,
        Duration connect,
        Duration clientIdle,
        Duration upstreamIdle,
        Duration stayIdle,
        Duration farewell,
        Duration pooled,
        Duration pooledForOnce,
        Duration linger) {

    public static Limits usual() {
        return new Limits(
                16 * 1024,
                64 * 1024,
                64 * 1024,
                Duration.ofSeconds(5),
                Duration.ofSeconds(75),
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2));
    }

    Limits withUpstreamIdle(Duration idle) {
        return new Limits(
                requestLine, head, chunk, connect, clientIdle, idle, stayIdle, farewell, pooled, pooledForOnce, linger);
    }

    Limits withClientIdle(Duration idle) {
        return new Limits(
                requestLine,
                head,
                chunk,
                connect,
                idle,
                upstreamIdle,
                stayIdle,
                farewell,
                pooled,
                pooledForOnce,
                linger);
    }
}
