package dev.nonevent.pipeline.bluegreen.ledger;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;

/** A ledger is damaged in a way that no crash explains. Nothing was changed. */
public final class LedgerCorruptException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    /**
     * @param record the first bad one, counted from 1
     * @param offset of its first byte
     */
    public LedgerCorruptException(Path file, long record, long offset, String what) {
        super("the ledger " + file + " is damaged at record " + record + " (byte " + offset + "): " + what
                + "; the " + (record - 1) + " records before it are good. Nothing was changed: look at it, and restore"
                + " the file or cut it there by hand");
    }
}
