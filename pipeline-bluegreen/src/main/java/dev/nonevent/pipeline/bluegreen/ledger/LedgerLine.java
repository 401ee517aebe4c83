package dev.nonevent.pipeline.bluegreen.ledger;

import java.time.Instant;

/**
 * A fact, when it was written, and under which fence.
 *
 * @param sequence 1, 2, 3 …
 * @param at for people; nothing is decided by it but how long an instance is kept warm
 */
public record LedgerLine(long sequence, long fence, Instant at, LedgerEntry entry) {}
