package dev.nonevent.pipeline.event;

import dev.nonevent.pipeline.outcome.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A fact about a run. The only source of every report. */
public sealed interface RunEvent {

    /** Which run. */
    RunId run();

    /** When, by the wall clock. */
    Instant at();

    /**
     * The first event of every run.
     *
     * @param commit what the trigger asked to be run, if it knew; else the source of the pipeline decides
     * @param stages every stage and gate in plan order, with what it waits for
     * @param home where logs of the run lie
     */
    record RunStarted(
            RunId run,
            Instant at,
            String pipeline,
            String trigger,
            Optional<String> commit,
            Map<String, List<String>> stages,
            Path home)
            implements RunEvent {}

    /** @param place {@code File.java:line} of the declaration */
    record StageStarted(RunId run, Instant at, String stage, boolean gate, String place, String executor)
            implements RunEvent {}

    /** One line a stage printed, without its line end; at most 64 KiB. */
    record StageOutput(RunId run, Instant at, String stage, String line) implements RunEvent {}

    /** A deployment says what it does, and where traffic is. */
    record DeploymentProgress(RunId run, Instant at, String stage, String line) implements RunEvent {}

    /**
     * The last event of a stage or gate, also of one that was skipped.
     *
     * @param log the file with everything it printed; empty if it never started
     */
    record StageEnded(
            RunId run,
            Instant at,
            String stage,
            boolean gate,
            String place,
            Outcome outcome,
            Duration took,
            Optional<Path> log)
            implements RunEvent {}

    /** What is no stage's own. */
    sealed interface Aside extends RunEvent {}

    /** Something about a service that runs beside stages. */
    sealed interface OfService extends Aside {

        /** The service's name. */
        String service();
    }

    /** @param stage the first that needs it */
    record ServiceStarting(RunId run, Instant at, String service, String description, String stage)
            implements OfService {}

    /** @param took from its start */
    record ServiceReady(RunId run, Instant at, String service, String description, Duration took)
            implements OfService {}

    /**
     * What a service said last; comes before the end of a stage that used it and went wrong.
     *
     * @param how how it had ended by itself; empty if it was running
     * @param log the file with everything it printed
     */
    record ServiceSaid(
            RunId run, Instant at, String service, String stage, Optional<String> how, List<String> lines, Path log)
            implements OfService {}

    /** The last of a service that was ready: nobody of this run needs it any more. */
    record ServiceEnded(RunId run, Instant at, String service) implements OfService {}

    /**
     * A run that was resumed says what becomes of a stage or gate; after {@link RunStarted}, before anything of the stage.
     *
     * @param again whether it runs again; false: what it made before is taken, and its {@link StageEnded} follows
     * @param why a whole sentence without its stop, for people: {@code runs again: its code (Shop.class) has changed}
     */
    record StageDecided(RunId run, Instant at, String stage, boolean again, String why) implements Aside {}

    /**
     * A stage found out which commit the run is about; comes before that stage's end.
     *
     * @param commit 40 hexadecimal digits
     */
    record CommitCheckedOut(RunId run, Instant at, String stage, String repository, String commit) implements Aside {}

    /**
     * A stage or gate that ended badly is tried again. If an attempt after it passes, the stage is flaky when one of them
     * {@link #countsAsFlaky}.
     *
     * @param attempt the one that ended, from 1
     * @param outcome how it ended
     * @param pause until the next one begins
     */
    record StageRetried(RunId run, Instant at, String stage, int attempt, Outcome outcome, Duration pause)
            implements Aside {

        /** Whether it was the work or the gate that went wrong, and not the infrastructure. */
        public boolean countsAsFlaky() {
            return !(outcome instanceof Outcome.Errored);
        }
    }

    /**
     * A stage waits for a person, and holds no thread.
     *
     * @param by who is asked, as in {@code approvedBy("ops")}
     * @param digest {@code sha256:…} of what is to be approved
     * @param how what the person types or does to answer
     */
    record ApprovalAwaited(RunId run, Instant at, String stage, String by, String digest, String how)
            implements Aside {}

    /**
     * A person has answered.
     *
     * @param who answered, as the person or the machine said it
     * @param comment empty if there was none
     * @param digest of what was approved or rejected
     */
    record ApprovalGiven(
            RunId run, Instant at, String stage, String who, String comment, String digest, boolean approved)
            implements Aside {}

    /**
     * A lock is held by somebody else, and is waited for without a thread.
     *
     * @param stage that waits; empty if the whole run does
     * @param holder the run and stage that has it, in words
     */
    record LockAwaited(RunId run, Instant at, Optional<String> stage, String lock, String holder) implements Aside {}

    /** Something a person should know that belongs to no stage: a hook that failed, a directory that stayed behind. */
    record RunNote(RunId run, Instant at, String line) implements Aside {}

    /** The last event of every run. */
    record RunEnded(RunId run, Instant at, Outcome outcome, Duration took) implements RunEvent {}

    /** Calls the consumer of the case at hand; a new case breaks the compile of every caller. */
    default void match(
            Consumer<? super RunStarted> runStarted,
            Consumer<? super StageStarted> stageStarted,
            Consumer<? super StageOutput> stageOutput,
            Consumer<? super DeploymentProgress> deploymentProgress,
            Consumer<? super StageEnded> stageEnded,
            Consumer<? super Aside> aside,
            Consumer<? super RunEnded> runEnded) {
        if (this instanceof RunStarted event) {
            runStarted.accept(event);
        } else if (this instanceof StageStarted event) {
            stageStarted.accept(event);
        } else if (this instanceof StageOutput event) {
            stageOutput.accept(event);
        } else if (this instanceof DeploymentProgress event) {
            deploymentProgress.accept(event);
        } else if (this instanceof StageEnded event) {
            stageEnded.accept(event);
        } else if (this instanceof Aside event) {
            aside.accept(event);
        } else {
            runEnded.accept((RunEnded) this);
        }
    }
}
