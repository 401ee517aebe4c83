package dev.nonevent.pipeline.journal;

import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.work.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One record of a run's journal. */
public sealed interface JournalEntry {

    /** The format this version writes, and the only one it reads. */
    int FORMAT = 1;

    /**
     * The first record of every journal.
     *
     * @param at when the run began
     * @param parameters as somebody typed them, by name
     * @param hidden the parameters whose text held a secret and is not here; a run with any cannot be resumed
     * @param marker of the commands that the process starts on this machine
     */
    record Begun(
            int format,
            String pipeline,
            Instant at,
            Trigger trigger,
            Map<String, String> parameters,
            List<String> hidden,
            String marker)
            implements JournalEntry {}

    /**
     * Another process goes on with the run.
     *
     * @param attempt 2 for the first that is resumed
     * @param marker of the commands that the process starts on this machine
     */
    record Resumed(int attempt, Instant at, String marker) implements JournalEntry {}

    /** A record that comes with something people are told; it is written before they are. */
    sealed interface OfEvent extends JournalEntry {

        RunEvent event();
    }

    /**
     * A stage or gate begins; written before any of it happens.
     *
     * @param parts all it depends on, by what it is: {@code code Shop.class}, {@code needs build}, …
     */
    record StageBegun(RunEvent.StageStarted event, Map<String, String> parts) implements OfEvent {}

    /** A stage or gate that was carried out has ended, and this is kept of what it made. */
    record StageOver(RunEvent.StageEnded event, Kept kept) implements OfEvent {}

    /** Anything else people are told, except what stages print. */
    record Told(RunEvent event) implements OfEvent {}

    /** What people were told, if it comes with something. */
    default Optional<RunEvent> told() {
        return this instanceof OfEvent told ? Optional.of(told.event()) : Optional.empty();
    }
}
