package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.outcome.Failure;
import dev.nonevent.pipeline.outcome.Outcome;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the commands of one stage are carried out: opened by the first of them, so that a stage without any opens nothing. */
final class StageSession {

    private final CommandExecutor executor;
    private final Workspace workspace;
    private final Pins pins;
    private final StageServices services;

    // Guarded by this.
    private @Nullable Session opened;

    StageSession(CommandExecutor executor, Workspace workspace, Pins pins, StageServices services) {
        this.executor = executor;
        this.workspace = workspace;
        this.pins = pins;
        this.services = services;
    }

    CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        return open().run(command, output);
    }

    private synchronized Session open() {
        Session session = opened;
        if (session == null) {
            session = executor.open(new SessionRequest(workspace.directory(), pins, services.ready()));
            opened = session;
        }
        return session;
    }

    /** Ends it, and says what may be left of it. Called when no code of the stage runs any more. */
    synchronized Optional<Left> close() {
        Session session = opened;
        if (session == null) {
            return Optional.empty();
        }
        try {
            session.close();
            return Optional.empty();
        } catch (Throwable thrown) { // whatever it is, the stage has ended and its ending must say so
            return Optional.of(new Left(thrown));
        }
    }

    /** Something of the session may still be there. */
    record Left(Throwable why) {

        String sentence() {
            return Failure.of(why).sentence();
        }

        /** No pass covers it, and it covers nothing else that went wrong. */
        Outcome after(Outcome outcome) {
            return outcome.fold(
                    passed -> new Outcome.Errored(Failure.of(why)),
                    blocked -> new Outcome.Blocked(beside(blocked.failure())),
                    failed -> new Outcome.Failed(beside(failed.failure())),
                    errored -> new Outcome.Errored(beside(errored.failure())),
                    aborted -> new Outcome.Aborted(aborted.why() + "; " + sentence()),
                    skipped -> skipped);
        }

        private Failure beside(Failure failure) {
            return new Failure(
                    failure.sentence(),
                    Stream.concat(failure.details().stream(), Stream.of(sentence()))
                            .toList(),
                    failure.thrown());
        }
    }
}
