package dev.nonevent.pipeline.bluegreen.ledger;

import java.util.List;
import java.util.Optional;

/** The right to change what stands where, while it is open. It ends with its process at the latest. */
public interface Lease extends AutoCloseable {

    /** Higher than every one before; what acts on behalf of this lease carries it. */
    long fence();

    /** Tells whoever has to wait what is going on. */
    void step(String step);

    /**
     * Writes a fact: durable when this returns.
     *
     * @throws LedgerPoisonedException if it cannot be made durable; nothing can be written through this lease any more
     */
    void append(LedgerEntry entry);

    /** Gives up the space that was set aside for a full disk: before the first record of a way back, and before a release that
     * was proven is called stable. */
    void makeRoom();

    /** Everything written so far, oldest first. */
    List<LedgerLine> lines();

    /** A sentence about the half-written end that was cut off and put aside when the ledger was opened. */
    Optional<String> repaired();

    @Override
    void close();
}
