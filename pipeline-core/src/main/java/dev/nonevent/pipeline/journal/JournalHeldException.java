package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/** Somebody is at work on this run; the message says who. */
public final class JournalHeldException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    public JournalHeldException(String sentence) {
        super(sentence);
    }
}
