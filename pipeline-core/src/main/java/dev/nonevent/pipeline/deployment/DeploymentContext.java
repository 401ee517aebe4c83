package dev.nonevent.pipeline.deployment;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a strategy is given for one call.
 *
 * @param home where state that outlives every process is kept
 * @param run the run or command that asks, for records
 * @param commit the commit being deployed, if there is one
 * @param committedAt when it was committed
 * @param progress takes one line at a time, for people
 * @param deadline of whoever has given it a time to end; to be told while a person is waited for
 */
public record DeploymentContext(
        Path home,
        ArtifactStore artifacts,
        TimeSource time,
        String run,
        Optional<String> commit,
        Optional<Instant> committedAt,
        Consumer<String> progress,
        Deadline deadline) {

    /** One that may take as long as it takes. */
    public DeploymentContext(
            Path home,
            ArtifactStore artifacts,
            TimeSource time,
            String run,
            Optional<String> commit,
            Optional<Instant> committedAt,
            Consumer<String> progress) {
        this(home, artifacts, time, run, commit, committedAt, progress, Deadline.NONE);
    }
}
