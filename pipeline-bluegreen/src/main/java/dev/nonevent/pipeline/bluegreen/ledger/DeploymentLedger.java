package dev.nonevent.pipeline.bluegreen.ledger;

import java.util.List;

/**
 * What stands where, and how it came about: append-only, one per application, the only truth. Facts are written under a
 * {@link Lease}, which one process at a time has; everybody may read.
 */
public interface DeploymentLedger {

    /**
     * Takes the application for this process and writes {@link LedgerEntry.Acquired} under a fence higher than any
     * before.
     *
     * @param step what the holder is going to do, for whoever has to wait
     * @throws LedgerHeldException if somebody else has it
     * @throws LedgerCorruptException if the ledger is damaged; it is not touched
     */
    Lease acquire(String step);

    /**
     * Everything that is durable, oldest first. A line that is just being written is not there yet.
     *
     * @throws LedgerCorruptException if the ledger is damaged
     */
    List<LedgerLine> read();
}
