package dev.nonevent.pipeline.bluegreen.router.http;

import java.time.Duration;

/**
 * What the router puts up with; {@code docs/router.md} tells users. Bodies are streamed and a slow reader stops the writer,
 * so none needs memory for its size.
 *
 * @param requestLine bytes of the first line
 * @param head bytes of all header fields
 * @param chunk bytes passed on at once, and read ahead for a request that waits
 * @param clientIdle without a byte from a client the router waits for, then its connection is closed
 * @param stayIdle without a byte either way on a WebSocket or from an instance that streams events, then it is ended
 * @param farewell how long a WebSocket's client may take to answer our Close
 * @param linger how long what a client still sends is read and thrown away after an early answer, so that it can read it
 * @param clients what these may send
 * @param instances how long these may take
 * @param tls where the router speaks TLS
 * @param streams on connections of HTTP/2
 */
public record Limits(
        int requestLine,
        int head,
        int chunk,
        Duration clientIdle,
        Duration stayIdle,
        Duration farewell,
        Duration linger,
        Clients clients,
        Instances instances,
        Tls tls,
        Streams streams) {

    /**
     * What clients may send.
     *
     * @param connections at the same time; one more is told 503 and closed
     * @param headWithin from the first byte of a request's head to its last, else 408: who dribbles holds nothing for long
     * @param fields of a head, else 431
     * @param body bytes of a request's body, else 413
     */
    public record Clients(int connections, Duration headWithin, int fields, long body) {

        static Clients usual() {
            return new Clients(20_000, Duration.ofSeconds(15), 200, Long.MAX_VALUE);
        }
    }

    /**
     * How long instances may take.
     *
     * @param connect until a connection to it stands, else 502
     * @param firstByte without a byte to it or from it before its answer begins, else 504
     * @param idle the same once it has begun; then the answer is broken off
     * @param pooled how long an unused connection to an instance is kept; well below what usual servers keep (Node.js 5 s,
     *     Tomcat 20 s, the JDK's 30 s), as one that the server closes at that moment loses the request sent over it
     * @param pooledForOnce the same for a request that must not be sent twice
     * @param interim answers that only announce (1xx) for one request, else 502
     */
    public record Instances(
            Duration connect, Duration firstByte, Duration idle, Duration pooled, Duration pooledForOnce, int interim) {

        static Instances usual() {
            return new Instances(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(1),
                    100);
        }

        /** The three that users may choose. */
        public Instances within(Duration toConnect, Duration toFirstByte, Duration silent) {
            return new Instances(toConnect, toFirstByte, silent, pooled, pooledForOnce, interim);
        }
    }

    /**
     * For clients that speak TLS.
     *
     * @param handshake until TLS stands, counted from the moment the connection does
     * @param lookAgain how often the files are looked at for changes
     */
    public record Tls(Duration handshake, Duration lookAgain) {}

    /**
     * What one connection of HTTP/2 may ask for.
     *
     * @param atOnce streams open at a time
     * @param window bytes a client may send on one stream before they are read
     * @param connectionWindow the same for all streams of a connection together; so many streams that nobody reads from
     *     as fit in it do not hold up the others
     * @param resets streams a client may make and reset within {@code resetsWithin}, and as many by its faults; then its
     *     connection is closed (CVE-2023-44487, CVE-2025-8671)
     * @param queuedControlFrames answers to pings, settings and the like that may wait for a client that does not read
     * @param emptyData frames in a row that carry nothing of a body (CVE-2019-9518)
     * @param smallContinuations frames of one head that carry little of it (CVE-2024-27316)
     */
    public record Streams(
            int atOnce,
            int window,
            int connectionWindow,
            int resets,
            Duration resetsWithin,
            int queuedControlFrames,
            int emptyData,
            int smallContinuations) {

        static Streams usual() {
            return new Streams(100, 64 * 1024 - 1, 1024 * 1024, 200, Duration.ofSeconds(30), 1_000, 10, 16);
        }
    }

    public static Limits usual() {
        return new Limits(
                16 * 1024,
                64 * 1024,
                64 * 1024,
                Duration.ofSeconds(75),
                Duration.ofHours(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Clients.usual(),
                Instances.usual(),
                new Tls(Duration.ofSeconds(10), Duration.ofSeconds(10)),
                Streams.usual());
    }

    public Limits withClientIdle(Duration idle) {
        return new Limits(requestLine, head, chunk, idle, stayIdle, farewell, linger, clients, instances, tls, streams);
    }

    public Limits withClients(Clients other) {
        return new Limits(
                requestLine, head, chunk, clientIdle, stayIdle, farewell, linger, other, instances, tls, streams);
    }

    public Limits withInstances(Instances other) {
        return new Limits(
                requestLine, head, chunk, clientIdle, stayIdle, farewell, linger, clients, other, tls, streams);
    }

    Limits withTls(Tls other) {
        return new Limits(
                requestLine, head, chunk, clientIdle, stayIdle, farewell, linger, clients, instances, other, streams);
    }
}
