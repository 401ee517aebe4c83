package dev.nonevent.pipeline.bluegreen.traffic;

import java.time.Duration;

/**
 * How draining ended.
 *
 * @param finished requests that were in flight when it began and came to their end: an answer, or a client that gave up
 * @param cut requests that were still in flight at the deadline and got 504, or half an answer
 * @param streams of server-sent events that were ended after a whole event
 * @param webSockets that were closed with 1001, going away
 */
public record Drained(long finished, long cut, long streams, long webSockets, Duration took) {

    /** Nothing was in flight. */
    public static Drained nothing() {
        return new Drained(0, 0, 0, 0, Duration.ZERO);
    }
}
