package dev.nonevent.pipeline.trigger;

import dev.nonevent.pipeline.definition.Declaration;
import dev.nonevent.pipeline.definition.Stage;
import dev.nonevent.pipeline.event.RunEvent;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.outcome.Outcome;
import dev.nonevent.pipeline.report.ConsoleReport;
import dev.nonevent.pipeline.run.InvalidRequestException;
import dev.nonevent.pipeline.run.PipelineRunner;
import dev.nonevent.pipeline.run.Run;
import dev.nonevent.pipeline.run.RunRequest;
import dev.nonevent.pipeline.run.RunResult;
import dev.nonevent.pipeline.source.Branch;
import dev.nonevent.pipeline.source.Checkout;
import dev.nonevent.pipeline.work.Trigger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;

/** The run that decides whether one branch moves to one commit. */
final class BranchRun {

    private final Pushes pushes;
    private final Branch branch;
    private final RevCommit commit;
    private final PusherTerminal terminal;
    private final List<RunEvent.StageEnded> ends = new CopyOnWriteArrayList<>();

    BranchRun(Pushes pushes, Branch branch, RevCommit commit, PusherTerminal terminal) {
        this.pushes = pushes;
        this.branch = branch;
        this.commit = commit;
        this.terminal = terminal;
    }

    /** Runs the pipeline and waits for its end; empty: the branch may move. */
    Optional<String> refusal() throws InterruptedException {
        PersonIdent committer = commit.getCommitterIdent();
        Trigger trigger = new Trigger(
                "push",
                Optional.of(pushes.repository()),
                Optional.of(branch.name()),
                Optional.of(commit.name()),
                committer == null ? "" : PusherTerminal.clean(committer.getName()));
        PipelineRunner runner = pushes.pipelines()
                .runner()
                .listener(ConsoleReport.brief(terminal))
                .listener(this::remember);
        Run run;
        try {
            run = runner.start(pushes.pipelines().plan(), RunRequest.of(trigger));
        } catch (InvalidRequestException | InfrastructureException cannot) {
            return Optional.of("the pipeline could not start: " + cannot.getMessage());
        }
        pushes.started(run);
        try {
            return verdict(run.await());
        } finally {
            pushes.ended(run);
        }
    }

    private void remember(RunEvent event) {
        if (event instanceof RunEvent.StageEnded end) {
            ends.add(end);
        }
    }

    private Optional<String> verdict(RunResult result) {
        if (!result.outcome().hasPassed()) {
            return Optional.of(problem(result));
        } else if (!lookedAtTheCommit(result)) {
            return Optional.of("the pipeline passed without a checkout of this commit: its source must be git(…) of "
                    + pushes.repository());
        }
        return Optional.empty();
    }

    /** {@code unit tests blocked: 1 of 7 tests failed}. */
    private String problem(RunResult result) {
        Outcome worst = result.outcome();
        return ends.stream()
                .filter(end -> end.outcome().word().equals(worst.word()))
                .findFirst()
                .map(end -> end.stage() + " " + end.outcome().word().toLowerCase(Locale.ROOT) + ": "
                        + end.outcome().sentence())
                .orElseGet(() -> worst.word().toLowerCase(Locale.ROOT) + ": " + result.firstProblem());
    }

    /** A pipeline about other code would let anything pass. */
    private boolean lookedAtTheCommit(RunResult result) {
        return pushes.pipelines().plan().steps().stream()
                .map(Declaration::handle)
                .filter(Stage.class::isInstance)
                .map(handle -> result.value((Stage<?>) handle))
                .flatMap(Optional::stream)
                .filter(Checkout.class::isInstance)
                .map(Checkout.class::cast)
                .anyMatch(checkout -> checkout.revision().commit().equals(commit.name())
                        && checkout.revision().repository().equals(pushes.repository()));
    }
}
