package dev.nonevent.pipeline.bluegreen.traffic;

import java.time.Duration;

/**
 * How draining ended.
 *
 * @param finished requests that were in flight when it began and were answered
 * @param cut requests that were still in flight at the deadline and got 504
 */
public record Drained(long finished, long cut, Duration took) {}
