package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.Tree;
import dev.nonevent.pipeline.definition.Deed;
import dev.nonevent.pipeline.definition.Options;
import dev.nonevent.pipeline.deployment.Deadline;
import dev.nonevent.pipeline.deployment.DeploymentContext;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.journal.JournalBrokenException;
import dev.nonevent.pipeline.journal.JournalEntry;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.source.Revision;
import dev.nonevent.pipeline.work.Cleanup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Carries one node out from its first event to what it leaves behind, on one thread. */
final class StageRun {

    /** How long the cleanup of a stage may take. */
    static final Duration CLEANUP_LIMIT = Duration.ofSeconds(30);

    private final Node node;
    private final Shared shared;
    private final List<Object> inputs;
    private final Attempt attempt;
    private final StageServices services;
    private Outcome outcome = Outcome.passed();

    StageRun(Node node, Shared shared, List<SharedService> services, List<Object> inputs, Attempt attempt) {
        this.node = node;
        this.shared = shared;
        this.inputs = inputs;
        this.attempt = attempt;
        this.services = new StageServices(node, services, executor());
    }

    /** Never throws what the stage's code throws; that is an ending. */
    Ending run() {
        try {
            if (attempt.isFirst()) {
                announce();
            }
            shared.scribe().requireWhole();
        } catch (JournalBrokenException broken) {
            return ending(Work.Result.of(new Outcome.Errored(Failure.of(broken))), Optional.empty());
        }
        try (StageLog log = new StageLog(shared.folder().log(node.slug), shared.redaction(), this::printed)) {
            attempt.before().ifPresent(before -> log.line("--- attempt " + attempt.number() + ", after " + before));
            Path directory = shared.folder().work().resolve(attempt.directory(node));
            Workspace workspace = new Workspace(directory, content(), shared.artifacts());
            Work.Result result = inOneSession(workspace, log);
            if (result.outcome().failed().isPresent()) {
                services.tell();
            }
            if (result.outcome().hasPassed()) {
                Aftermath.remove(directory, shared);
            }
            return ending(result, Optional.of(log.file()));
        } catch (InfrastructureException | IOException broken) {
            return ending(Work.Result.of(new Outcome.Errored(Failure.of(broken))), Optional.empty());
        }
    }

    /** How it ended, once it has, with nothing masked: not for anybody outside. */
    Outcome outcome() {
        return outcome;
    }

    /** What could not be written down must not begin; and a deployment is known for good before users may notice it. */
    private void announce() {
        RunEvent.StageStarted event = new RunEvent.StageStarted(
                shared.folder().id(),
                shared.time().now(),
                node.name(),
                node.isGate(),
                node.declaration.place().toString(),
                executor().description());
        node.begun = true;
        shared.bus().publish(new JournalEntry.StageBegun(event, node.parts), () -> {});
        if (node.declaration.deed() instanceof Deed.Deploy) {
            shared.scribe().force();
        }
    }

    /** The work and its cleanup have their commands in one place, which is gone before the ending stands. */
    private Work.Result inOneSession(Workspace workspace, StageLog log) {
        StageSession session = new StageSession(executor(), workspace, shared.pins(), services);
        Work.Result result = attempt(workspace, session, log);
        options().cleanup().ifPresent(cleanup -> cleanUp(cleanup, workspace, session, log));
        return session.close()
                .map(left -> {
                    log.line(left.sentence());
                    return live(result) ? result : Work.Result.of(left.after(result.outcome()));
                })
                .orElse(result);
    }

    /** A release that is stable has the traffic, whatever is left of the stage that put it there. */
    private boolean live(Work.Result result) {
        return node.declaration.deed() instanceof Deed.Deploy
                && result.outcome().hasPassed();
    }

    private Work.Result attempt(Workspace workspace, StageSession session, StageLog log) {
        try (OpenContext context = new OpenContext(node, shared, workspace, session, services, log);
                Limit limit = Limit.on(node.leash, options().timeout(), timeLeft(), shared.alarms())) {
            Work work = Work.of(node.declaration.deed(), context, inputs, () -> deploymentContext(log, limit));
            try {
                Work.Result result = node.leash.call(() -> {
                    services.awaitReady();
                    return work.carryOut();
                });
                return work.unless(node.leash.end(), result);
            } catch (Throwable thrown) { // whatever it is, the run must hear of it and go on
                return work.unless(node.leash.end(), meaning(thrown, work));
            }
        }
    }

    private Work.Result meaning(Throwable thrown, Work work) {
        if (thrown instanceof InterruptedException && node.leash.end() instanceof Stop.TooLate) {
            // Nobody of this run: whoever owns the thread wants it back, and has to find the flag.
            Thread.currentThread().interrupt();
            return Work.Result.of(new Outcome.Aborted("the thread it ran on was interrupted"));
        }
        return Work.Result.of(work.meaning(thrown));
    }

    private void cleanUp(Cleanup cleanup, Workspace workspace, StageSession session, StageLog log) {
        Leash leash = new Leash();
        try (OpenContext context = new OpenContext(node, shared, workspace, session, services, log);
                Limit limit = Limit.on(leash, Optional.of(CLEANUP_LIMIT), shared.alarms())) {
            leash.call(() -> {
                cleanup.run(context);
                return true;
            });
        } catch (Throwable thrown) { // a stage that cannot clean up has ended all the same
            String why = leash.end() instanceof Stop.TimedOut late ? late.sentence() : "failed: " + thrown;
            log.line("cleanup " + why);
        }
    }

    private DeploymentContext deploymentContext(StageLog log, Deadline deadline) {
        Optional<Revision> revision =
                Knowledge.checkouts(node).map(Checkout::revision).findFirst();
        return new DeploymentContext(
                shared.folder().home(),
                shared.artifacts(),
                shared.time(),
                shared.folder().id().value(),
                revision.map(Revision::commit),
                revision.map(Revision::committedAt),
                line -> log.line(line, this::progressed),
                deadline);
    }

    private Ending ending(Work.Result result, Optional<Path> log) {
        outcome = result.outcome();
        Duration took = Duration.ofNanos(shared.time().nanos() - attempt.begun());
        return new Ending(shared.redaction().outcome(outcome), result.value(), outcome.hasPassed(), took, log);
    }

    private Optional<Duration> timeLeft() {
        return options()
                .timeout()
                .map(limit -> attempt.left(limit, shared.time().nanos()));
    }

    private void printed(String line) {
        shared.bus()
                .publish(new RunEvent.StageOutput(
                        shared.folder().id(), shared.time().now(), node.name(), line));
    }

    private void progressed(String line) {
        shared.bus()
                .publish(new RunEvent.DeploymentProgress(
                        shared.folder().id(), shared.time().now(), node.name(), line));
    }

    private Optional<Tree> content() {
        return inputs.stream()
                .flatMap(input -> input instanceof Checkout checkout
                        ? Stream.of(checkout.tree())
                        : input instanceof Tree tree ? Stream.of(tree) : Stream.empty())
                .findFirst();
    }

    private CommandExecutor executor() {
        return options().executor().orElse(shared.executor());
    }

    private Options options() {
        return node.declaration.options();
    }
}
