package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/** Somebody else is at work on this application; the message says who, at what, since when. */
public final class LedgerHeldException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    public LedgerHeldException(String sentence) {
        super(sentence);
    }
}
