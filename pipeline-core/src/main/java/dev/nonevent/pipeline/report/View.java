package dev.nonevent.pipeline.report;

import dev.nonevent.pipeline.event.RunEvent;
import java.time.Instant;

/** One way to show a run. */
interface View {

    /** The facts have taken the event already. */
    void show(RunEvent event, RunFacts facts);

    /** Time has passed and nothing else has happened. */
    void show(Instant now, RunFacts facts);
}
