package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.time.TimeSource;

/** What every stage of one run has in common. */
record Shared(
        RunFolder folder,
        Inputs inputs,
        Redaction redaction,
        Scribe scribe,
        Recall recall,
        EventBus bus,
        Alarms alarms,
        CommandExecutor executor,
        Pins pins,
        ArtifactStore artifacts,
        TimeSource time,
        int retriesAfterErrors) {}
