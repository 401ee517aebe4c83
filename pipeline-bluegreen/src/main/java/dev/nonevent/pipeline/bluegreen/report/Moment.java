package dev.nonevent.pipeline.bluegreen.report;

import java.time.Instant;

/**
 * One fact of the ledger.
 *
 * @param at when it was written
 * @param fact its kind, as the ledger names it
 * @param sentence for people
 */
public record Moment(Instant at, String fact, String sentence) {}
