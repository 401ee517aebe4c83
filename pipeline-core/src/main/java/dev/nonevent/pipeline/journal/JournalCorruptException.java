package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.nio.file.Path;

/** A journal is damaged in a way that no crash explains, or was written by another version. Nothing was changed. */
public final class JournalCorruptException extends InfrastructureException {

    private static final long serialVersionUID = 1L;

    private JournalCorruptException(String sentence) {
        super(sentence);
    }

    /**
     * @param record the first bad one, counted from 1
     * @param offset of its first byte
     */
    static JournalCorruptException damaged(Path file, long record, long offset, String what) {
        return new JournalCorruptException("the journal " + file + " is damaged at record " + record + " (byte "
                + offset
                + "): " + what + "; the " + (record - 1) + " records before it are good. Nothing was changed: start a"
                + " new run");
    }

    static JournalCorruptException unknown(Path file, long record, long offset, String what) {
        return new JournalCorruptException("the journal " + file + " cannot be read by this version at record " + record
                + " (byte " + offset + "): " + what
                + ". Nothing was changed: go on with the version that wrote it, or start a new run");
    }
}
