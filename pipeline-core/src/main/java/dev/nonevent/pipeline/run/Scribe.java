package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.journal.JournalBrokenException;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.journal.RunJournal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what happens before anybody is told of it or anything follows from it. If the disk fails it says so once, and
 * writes nothing any more. Safe for use by several threads.
 */
final class Scribe implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scribe.class);

    private final RunJournal journal;
    private final Redaction redaction;
    private final AtomicReference<@Nullable JournalBrokenException> broken = new AtomicReference<>();
    private final AtomicReference<@Nullable JournalBrokenException> untold = new AtomicReference<>();

    Scribe(RunJournal journal, Redaction redaction) {
        this.journal = journal;
        this.redaction = redaction;
    }

    /** Answers with the number of the record; 0 if it could not be written. */
    long write(JournalEntry entry) {
        if (broken.get() != null) {
            return 0;
        }
        try {
            long record = journal.append(entry, redaction::text);
            if (entry.told().filter(RunEvent.ApprovalGiven.class::isInstance).isPresent()) {
                // Nobody is asked twice.
                journal.force();
            }
            return record;
        } catch (JournalBrokenException now) {
            note(now);
            return 0;
        }
    }

    /**
     * Waits until all that was written survives the end of the machine.
     *
     * @throws JournalBrokenException if it does not
     */
    void force() {
        requireWhole();
        try {
            journal.force();
        } catch (JournalBrokenException now) {
            note(now);
            throw now;
        }
    }

    /** @throws JournalBrokenException if something could not be written: nothing may follow from it */
    void requireWhole() {
        JournalBrokenException why = broken.get();
        if (why != null) {
            throw why;
        }
    }

    /** Why not everything was written down. */
    Optional<JournalBrokenException> failure() {
        return Optional.ofNullable(broken.get());
    }

    /** The failure, to the first who asks after it. */
    Optional<JournalBrokenException> news() {
        return Optional.ofNullable(untold.getAndSet(null));
    }

    private void note(JournalBrokenException now) {
        if (broken.compareAndSet(null, now)) {
            untold.set(now);
        }
    }

    /** All but the last record has been forced before; whatever goes wrong here changes nothing any more. */
    @Override
    public void close() {
        try {
            journal.close();
        } catch (RuntimeException broken) {
            LOG.warn("{}", redaction.text(String.valueOf(broken.getMessage())), redaction.thrown(broken));
        }
    }
}
