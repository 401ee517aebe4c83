package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.outcome.InfrastructureException;

/**
 * The journal could not be written or made durable. After that nobody knows what is on the disk, so this process writes
 * nothing any more; the next one reads what is really there.
 */
public final class JournalBrokenException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    public JournalBrokenException(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** Not in this process. */
    @Override
    public boolean mayPass() {
        return false;
    }
}
