package dev.nonevent.pipeline.run;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.artifact.FileArtifactStore;
import dev.nonevent.pipeline.event.RunId;
import dev.nonevent.pipeline.event.RunListener;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.LocalExecutor;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.journal.RunJournal;
import dev.nonevent.pipeline.plan.Plan;
import dev.nonevent.pipeline.secret.SecretSource;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Carries plans out. Immutable and free to be used by many threads; each setting gives a new runner.
 *
 * <pre>{@code
 * RunResult result = PipelineRunner.in(Path.of(".pipeline"))
 *         .listener(event -> …)
 *         .run(Plan.of(pipeline), RunRequest.of(Trigger.manual()));
 * }</pre>
 *
 * <p>Runs go on beside each other, in this process and in others under the same home. Nothing here is static, ends the
 * process or hooks into its end. Threads are daemons of the run, or the caller's ({@link #threads}).
 */
public final class PipelineRunner {

    private final Path home;
    private final Settings settings;

    private record Settings(
            CommandExecutor executor,
            ArtifactStore artifacts,
            SecretSource secrets,
            TimeSource time,
            Optional<Executor> threads,
            List<RunListener> listeners,
            int maxParallel,
            int retriesAfterErrors,
            RunJournal.Opening journal) {

        static Settings usual(Path home) {
            return new Settings(
                    LocalExecutor.local(),
                    FileArtifactStore.in(home.resolve("artifacts")),
                    SecretSource.environment(System.getenv()),
                    TimeSource.system(),
                    Optional.empty(),
                    List.of(),
                    Math.max(4, Runtime.getRuntime().availableProcessors()),
                    2,
                    RunJournal.onThisMachine());
        }

        Settings executor(CommandExecutor where) {
            return new Settings(
                    where, artifacts, secrets, time, threads, listeners, maxParallel, retriesAfterErrors, journal);
        }

        Settings artifacts(ArtifactStore store) {
            return new Settings(
                    executor, store, secrets, time, threads, listeners, maxParallel, retriesAfterErrors, journal);
        }

        Settings secrets(SecretSource source) {
            return new Settings(
                    executor, artifacts, source, time, threads, listeners, maxParallel, retriesAfterErrors, journal);
        }

        Settings time(TimeSource source) {
            return new Settings(
                    executor, artifacts, secrets, source, threads, listeners, maxParallel, retriesAfterErrors, journal);
        }

        Settings threads(Executor theirs) {
            return new Settings(
                    executor,
                    artifacts,
                    secrets,
                    time,
                    Optional.of(theirs),
                    listeners,
                    maxParallel,
                    retriesAfterErrors,
                    journal);
        }

        Settings listeners(List<RunListener> all) {
            return new Settings(
                    executor, artifacts, secrets, time, threads, all, maxParallel, retriesAfterErrors, journal);
        }

        Settings maxParallel(int stages) {
            return new Settings(
                    executor, artifacts, secrets, time, threads, listeners, stages, retriesAfterErrors, journal);
        }

        Settings retriesAfterErrors(int times) {
            return new Settings(executor, artifacts, secrets, time, threads, listeners, maxParallel, times, journal);
        }

        Settings journal(RunJournal.Opening opening) {
            return new Settings(
                    executor, artifacts, secrets, time, threads, listeners, maxParallel, retriesAfterErrors, opening);
        }
    }

    private PipelineRunner(Path home, Settings settings) {
        this.home = home;
        this.settings = settings;
    }

    /** @param home where runs, artifacts and state are kept; made if it is not there, for its owner's eyes only */
    public static PipelineRunner in(Path home) {
        Path absolute = home.toAbsolutePath().normalize();
        return new PipelineRunner(absolute, Settings.usual(absolute));
    }

    /** Where commands run if their stage does not say; this machine by default. */
    public PipelineRunner executor(CommandExecutor executor) {
        return new PipelineRunner(home, settings.executor(executor));
    }

    /** Where artifacts are kept; {@code home/artifacts} by default. */
    public PipelineRunner artifacts(ArtifactStore store) {
        return new PipelineRunner(home, settings.artifacts(store));
    }

    /** Where the values of secrets come from; the environment of this process by default. */
    public PipelineRunner secrets(SecretSource secrets) {
        return new PipelineRunner(home, settings.secrets(secrets));
    }

    /** Where time comes from; the machine by default. */
    public PipelineRunner time(TimeSource time) {
        return new PipelineRunner(home, settings.time(time));
    }

    /**
     * Whose threads stages run on. They are given back when a stage ends, with the interrupt flag they came with; a stage
     * that finds no thread ({@code RejectedExecutionException}) ends ERRORED.
     */
    public PipelineRunner threads(Executor threads) {
        return new PipelineRunner(home, settings.threads(threads));
    }

    /** One more that hears the events of every run. */
    public PipelineRunner listener(RunListener listener) {
        List<RunListener> more = new ArrayList<>(settings.listeners());
        more.add(listener);
        return new PipelineRunner(home, settings.listeners(List.copyOf(more)));
    }

    /** @param stages how many may run at one moment, at least 1; as many as there are processors, but at least 4, by default */
    public PipelineRunner maxParallel(int stages) {
        if (stages < 1) {
            throw new IllegalArgumentException("maxParallel must be at least 1, was " + stages);
        }
        return new PipelineRunner(home, settings.maxParallel(stages));
    }

    /** Where journals are written, for tests of disks that fail. */
    PipelineRunner journal(RunJournal.Opening opening) {
        return new PipelineRunner(home, settings.journal(opening));
    }

    /**
     * Looks whether a run could be started like this: its parameters and secrets. Starts and writes nothing.
     *
     * @throws InvalidRequestException as {@link #start}
     */
    public void check(Plan plan, RunRequest request) {
        Inputs.of(plan.pipeline(), request, settings.secrets()).redaction();
    }

    /**
     * How often a stage or gate is tried again after an error of the infrastructure, if it says nothing itself; deploys are not.
     *
     * @param times from 0, which is never, to 10; 2 by default
     */
    public PipelineRunner retryErrors(int times) {
        if (times < 0 || times > 10) {
            throw new IllegalArgumentException("retryErrors must be from 0 to 10 times, was " + times);
        }
        return new PipelineRunner(home, settings.retriesAfterErrors(times));
    }

    /**
     * Starts a run and returns at once.
     *
     * @throws InvalidRequestException if parameters or secrets are missing or wrong: every problem at once, and nothing
     *     has been written
     * @throws dev.nonevent.pipeline.outcome.InfrastructureException if nothing can be kept under the home
     */
    public Run start(Plan plan, RunRequest request) {
        Inputs inputs = Inputs.of(plan.pipeline(), request, settings.secrets());
        RunFolder folder = RunFolder.create(home, settings.time());
        RunJournal journal = RunJournal.open(folder.directory(), settings.time().now(), settings.journal());
        try {
            Instant now = settings.time().now();
            return go(plan, inputs, folder, journal, Resumption.begun(plan, request, inputs.redaction(), now));
        } catch (RuntimeException | Error e) {
            journal.close();
            throw e;
        }
    }

    /**
     * Goes on with a run that another process left, or that did not pass, and returns at once. Stages and gates that have
     * passed are not carried out again, unless something they depend on has changed; what they made is taken from the
     * journal. Each says in a {@link dev.nonevent.pipeline.event.RunEvent.StageDecided} what becomes of it, and why. The
     * trigger and the parameters are those it began with; the values of secrets are read anew.
     *
     * @throws InvalidRequestException if there is no such run of this pipeline, if it has passed, or if a secret is
     *     missing; nothing has been written
     * @throws dev.nonevent.pipeline.journal.JournalHeldException if the run is still under way
     * @throws dev.nonevent.pipeline.journal.JournalCorruptException if its journal is damaged or of another version
     */
    public Run resume(Plan plan, RunId run) {
        RunFolder folder = RunFolder.find(home, run)
                .orElseThrow(() -> Resumption.refused(plan, "there is no run " + run + " under " + home));
        RunJournal journal = RunJournal.open(folder.directory(), settings.time().now(), settings.journal());
        try {
            Resumption resumption =
                    Resumption.of(plan, run, journal, settings.time().now());
            Inputs inputs = Inputs.of(plan.pipeline(), resumption.request(), settings.secrets());
            return go(plan, inputs, folder.attempt(resumption.attempt()), journal, resumption);
        } catch (RuntimeException | Error e) {
            journal.close();
            throw e;
        }
    }

    private Run go(Plan plan, Inputs inputs, RunFolder folder, RunJournal journal, Resumption resumption) {
        String name = "pipeline-" + plan.pipeline().name() + "-" + folder.id();
        Redaction redaction = inputs.redaction();
        Scribe scribe = new Scribe(journal, redaction);
        Shared shared = new Shared(
                folder,
                inputs,
                redaction,
                scribe,
                new Recall(resumption.past()),
                new EventBus(settings.listeners(), redaction, scribe::write),
                new Alarms(settings.time(), name + "-alarms"),
                settings.executor(),
                new Pins(),
                settings.artifacts(),
                settings.time(),
                settings.retriesAfterErrors());
        Threads threads = settings.threads().map(Threads::ofCaller).orElseGet(() -> Threads.own(name));
        Conductor conductor = new Conductor(plan, shared, threads, settings.maxParallel());
        scribe.write(resumption.entry());
        conductor.start(resumption.notes());
        return conductor;
    }

    /**
     * Starts a run and waits for its end.
     *
     * @throws InvalidRequestException as {@link #start}
     * @throws InterruptedException if the calling thread is interrupted; the run has been cancelled and is over
     */
    public RunResult run(Plan plan, RunRequest request) throws InterruptedException {
        Run run = start(plan, request);
        try {
            return run.await();
        } catch (InterruptedException interrupted) {
            run.cancel("the thread that waits for it was interrupted");
            awaitRegardless(run);
            throw interrupted;
        }
    }

    private static void awaitRegardless(Run run) {
        boolean over = false;
        while (!over) {
            try {
                run.await();
                over = true;
            } catch (InterruptedException again) {
                // It is cancelled already, and must not outlive this call.
                over = run.isDone();
            }
        }
    }
}
