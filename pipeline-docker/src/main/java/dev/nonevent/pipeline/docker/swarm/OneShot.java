package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.api.model.TaskStatus;
import com.github.dockerjava.api.model.TaskStatusContainerStatus;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Waiting;
import dev.nonevent.pipeline.docker.inside.EndMark;
import dev.nonevent.pipeline.docker.inside.Printed;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command as a service of the swarm, from its creation to nothing left of it. Used once.
 *
 * <p>Its end and its exit code are what Swarm has recorded of the task, never the end of a stream; its output is complete
 * if the shell around it had the last word.
 */
final class OneShot {

    private static final Logger LOG = LoggerFactory.getLogger(OneShot.class);
    /** The log may lag that long behind the end of the task. */
    private static final Duration LAG = Duration.ofSeconds(2);
    /** What a node says of a container that ran. */
    private static final String RAN = "task: non-zero exit";

    private final SwarmVisit visit;
    private final Command command;
    private final TimeSource time;
    private final TaskService service;
    private final TaskSentences sentences;
    private final Printed printed;
    private final EndMark mark;
    private final TaskLog log;
    private final TaskWatch watch;

    OneShot(SwarmVisit visit, Command command, CommandOutput output, TimeSource time) {
        this.visit = visit;
        this.command = command;
        this.time = time;
        this.service = new TaskService(visit, time);
        this.sentences = new TaskSentences(command, visit.shape());
        this.printed = new Printed(output, true);
        this.mark = new EndMark(printed::say);
        this.log = new TaskLog(visit.engine(), this::take);
        this.watch = new TaskWatch(visit, service, log, printed, command, time);
    }

    /** Ends it soon, from another thread. */
    void abandon() {
        watch.abandon();
    }

    /** Carries it out and removes the service, however it ends. */
    CommandResult run() throws InterruptedException {
        CommandResult result;
        try (log) {
            result = carryOut();
        } catch (InterruptedException e) {
            throw service.removedAfter(e, watch.id(), InterruptedException::new);
        } catch (RuntimeException e) {
            Optional<String> awaited = watch.isLost() ? Optional.empty() : watch.id();
            throw service.removedAfter(e, awaited, InfrastructureException::new);
        }
        service.remove();
        return result;
    }

    private CommandResult carryOut() throws InterruptedException {
        Instant startedAt = time.now();
        service.create(command, mark.word());
        Task task;
        try {
            task = watch.awaitEnd();
        } catch (InterruptedException | CommandTimedOutException e) {
            stop();
            throw e;
        }
        Duration took = watch.took();
        TaskStatus status = Objects.requireNonNull(task.getStatus(), "a task that has ended says how");
        failIfItNeverRan(task, status);
        takeTheRest();
        log.finish(mark::end);
        int exitCode = settled(task, status);
        return new CommandResult(command.argv(), exitCode, command.directory(), startedAt, took, printed.lastLines());
    }

    private void take(StreamType stream, byte[] bytes) {
        // On the other stream only the shell around the command speaks, and not the command.
        if (stream == StreamType.STDERR) {
            printed.complain(bytes);
        } else {
            mark.write(bytes);
        }
    }

    private void failIfItNeverRan(Task task, TaskStatus status) {
        TaskState state = status.getState();
        boolean ran = state == TaskState.COMPLETE
                || (state == TaskState.FAILED && TaskSentences.said(status).startsWith(RAN));
        if (!ran) {
            // An engine that was killed while it started a container does not know that it did.
            throw !watch.wasAway() && (state == TaskState.REJECTED || state == TaskState.FAILED)
                    ? sentences.neverRan(status)
                    : sentences.died(status, String.valueOf(task.getNodeId()));
        }
    }

    /** A followed log does not say that it is over, so it is read to its end unless the mark has come. */
    private void takeTheRest() throws InterruptedException {
        String id = watch.id().orElseThrow();
        try (Waiting waiting = new Waiting(time, LAG)) {
            while (!mark.isWhole()) {
                log.readAll(id);
                if (mark.isWhole() || waiting.isOver()) {
                    return;
                }
            }
        } catch (InfrastructureException unread) {
            log.failIfSpoiled();
            LOG.warn(
                    "the output of {} cannot be read to its end: {}",
                    command.argv().get(0),
                    unread.getMessage());
        }
    }

    private int settled(Task task, TaskStatus status) throws InterruptedException {
        int exitCode = exitCode(status);
        boolean unknown = exitCode == 127 || exitCode == 126;
        if (mark.wasSeen()) {
            if (unknown && !printed.complaint().isEmpty()) {
                throw sentences.cannotStart(printed.complaint());
            }
            if (mark.hasRemark() && wasEndedFromOutside(status, exitCode)) {
                throw sentences.died(status, String.valueOf(task.getNodeId()));
            }
            if (mark.number() > 0) {
                printed.note(sentences.outOfMemory(exitCode));
            }
        } else if (unknown && printed.complaint().contains("exec /bin/sh failed")) {
            throw sentences.shellMissing();
        } else if (ranOutOfMemory(status)) {
            printed.note(sentences.outOfMemory(exitCode));
        } else if (exitCode > 128 || (watch.wasAway() && exitCode != 0)) {
            // The shell around it was killed, or could not say its last word to an engine that was gone.
            throw sentences.died(status, String.valueOf(task.getNodeId()));
        } else {
            printed.note(TaskSentences.END_MAY_BE_MISSING);
        }
        return exitCode;
    }

    private static int exitCode(TaskStatus status) {
        TaskStatusContainerStatus container = status.getContainerStatus();
        if (status.getState() == TaskState.COMPLETE) {
            return 0;
        }
        if (container == null || container.getExitCodeLong() == null) {
            throw new InfrastructureException("Swarm has recorded no exit code: " + TaskSentences.said(status));
        }
        return Math.toIntExact(container.getExitCodeLong());
    }

    /** The shell around it is gone as well: only the engine on its node knows. */
    private boolean ranOutOfMemory(TaskStatus status) {
        return here(status)
                .filter(state -> Boolean.TRUE.equals(state.getOOMKilled()))
                .isPresent();
    }

    /** Somebody has asked it to end, which it or what it started may have done itself. */
    private boolean wasEndedFromOutside(TaskStatus status, int exitCode) throws InterruptedException {
        Optional<ContainerState> here = here(status);
        if (watch.wasAway() || here.isEmpty()) {
            return watch.wasAway() || exitCode > 128;
        }
        return new Container(visit.engine(), containerOf(status)).wasSignalled(here.get());
    }

    /** What this engine says of its container; empty if that was elsewhere. */
    private Optional<ContainerState> here(TaskStatus status) {
        String container = containerOf(status);
        if (container.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(visit.engine()
                    .ask(
                            "asking how container " + container + " ended",
                            docker -> docker.inspectContainerCmd(container).exec())
                    .getState());
        } catch (EngineRefusedException elsewhere) {
            return Optional.empty();
        }
    }

    private static String containerOf(TaskStatus status) {
        return Optional.ofNullable(status.getContainerStatus())
                .map(TaskStatusContainerStatus::getContainerID)
                .orElse("");
    }

    /**
     * Takes what it has said, has Swarm ask it to end and kill it after the grace, and takes its last words as far as they
     * come. An interrupt does not hurry it. What goes wrong here meets the removal, which says what is left.
     */
    private void stop() {
        boolean interrupted = false;
        try {
            if (watch.id().isPresent()) {
                log.readAll(watch.id().get());
            }
        } catch (InterruptedException again) {
            interrupted = true;
        } catch (RuntimeException e) {
            LOG.debug("the last words of {} cannot be read", command.argv().get(0), e);
        }
        try {
            service.remove();
            service.awaitEnd(watch.id());
        } catch (InfrastructureException e) {
            LOG.warn("{} could not be stopped at once: {}", command.argv().get(0), e.getMessage());
        }
        log.finish(mark::end);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
