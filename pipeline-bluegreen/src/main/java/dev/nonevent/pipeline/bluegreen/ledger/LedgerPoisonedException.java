package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/**
 * The ledger could not be made durable. After a failed write or force nobody knows what is on the disk, so this process
 * writes nothing any more; the next one reads what is really there.
 */
public final class LedgerPoisonedException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    public LedgerPoisonedException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
