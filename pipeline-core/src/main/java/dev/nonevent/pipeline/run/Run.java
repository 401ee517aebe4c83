package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.event.RunId;

/** A run on its way. Safe for use by several threads. */
public interface Run {

    RunId id();

    /**
     * Waits for the end. When it returns, every event has been delivered and nothing of the run is alive: no process, no
     * stage, no thread of its own.
     *
     * @throws InterruptedException if the waiting thread is interrupted; the run goes on
     */
    RunResult await() throws InterruptedException;

    /**
     * Stops the run: stages on their way are interrupted and end ABORTED, the others never start, cleanup still happens.
     * Returns at once; {@link #await} waits until all of it is over.
     *
     * @param why for people, as in {@code ABORTED: a newer push}
     * @return whether this call is the one that ended the run; false if it was over or stopped already
     */
    boolean cancel(String why);

    /** Whether {@link #await} would return at once. */
    boolean isDone();
}
