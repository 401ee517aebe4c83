package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.definition.Hook;
import dev.nonevent.pipeline.definition.Pipeline;
import dev.nonevent.pipeline.deployment.DeploymentFailedException;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows a run when its outcome stands: a line of history, the hooks, the workspaces removed. Whatever goes wrong
 * here is said in a note and changes nothing about the outcome.
 */
final class Aftermath {

    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);
    private static final Duration HOOK_LIMIT = Duration.ofSeconds(30);

    private final Pipeline pipeline;
    private final Graph graph;
    private final Shared shared;

    Aftermath(Pipeline pipeline, Graph graph, Shared shared) {
        this.pipeline = pipeline;
        this.graph = graph;
        this.shared = shared;
    }

    void follow(RunResult over, Instant started) {
        boolean wasGood = remember(over, started);
        Hook.Ends ends = new Hook.Ends(over.outcome(), wasGood, rolledBack());
        pipeline.hooks().forEach(hook -> call(hook, ends, over));
        remove(shared.folder().work(), shared);
    }

    /** Removes a directory, or says that it stayed. */
    static void remove(Path directory, Shared shared) {
        try {
            Removal.of(directory);
        } catch (IOException broken) {
            note(directory + " could not be removed and stays behind: " + broken, broken, shared);
        }
    }

    /** Answers whether the run before was good. */
    private boolean remember(RunResult over, Instant started) {
        History history = new History(shared.folder().home(), pipeline.name());
        try {
            boolean wasGood = history.wasGood();
            history.append(new History.Entry(over.id(), over.outcome().word(), started, over.took(), commit()));
            return wasGood;
        } catch (IOException broken) {
            note("the history of this pipeline cannot be kept: " + broken, broken, shared);
            return true;
        }
    }

    private Optional<String> commit() {
        return graph.nodes().stream()
                .flatMap(node -> node.ended().value().stream())
                .filter(Checkout.class::isInstance)
                .map(Checkout.class::cast)
                .map(Checkout::revision)
                .map(Revision::commit)
                .findFirst()
                .or(() -> shared.inputs().trigger().commit());
    }

    private boolean rolledBack() {
        return graph.nodes().stream()
                .flatMap(node -> node.ended().outcome().failed().stream())
                .flatMap(failure -> failure.cause().stream())
                .filter(DeploymentFailedException.class::isInstance)
                .map(DeploymentFailedException.class::cast)
                .flatMap(failed -> failed.deployment().stream())
                .anyMatch(deployment -> deployment.restoredIn().isPresent());
    }

    private void call(Hook hook, Hook.Ends ends, RunResult over) {
        Leash leash = new Leash();
        try (Limit limit = Limit.on(leash, Optional.of(HOOK_LIMIT), shared.alarms())) {
            if (hook.applies().test(ends)) {
                leash.call(() -> {
                    hook.action().after(new EndedRun(hook, over, commit(), shared));
                    return true;
                });
            }
        } catch (Throwable thrown) { // whatever a hook throws, the run has ended as it has
            String why = leash.end() instanceof Stop.TimedOut late ? late.sentence() : "failed: " + thrown;
            note(hook.when() + " (" + hook.place() + ") " + why, thrown, shared);
        }
    }

    /** Says what nobody can do anything about any more. */
    static void note(String line, Throwable thrown, Shared shared) {
        String masked = shared.redaction().text(line);
        LOG.warn("run {}: {}", shared.folder().id(), masked, shared.redaction().thrown(thrown));
        tell(masked, shared);
    }

    static void note(String line, Shared shared) {
        String masked = shared.redaction().text(line);
        LOG.warn("run {}: {}", shared.folder().id(), masked);
        tell(masked, shared);
    }

    private static void tell(String masked, Shared shared) {
        shared.bus()
                .publish(
                        new RunEvent.RunNote(shared.folder().id(), shared.time().now(), masked));
    }
}
