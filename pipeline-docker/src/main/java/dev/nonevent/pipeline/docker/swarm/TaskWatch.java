package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.api.model.TaskStatus;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.inside.Printed;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the end of a task, through all that may come between: no node, an image to be fetched, a manager that is away. */
final class TaskWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TaskWatch.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);
    /** So long a manager that went away is waited for: its restart, and its election, take some seconds. */
    private static final Duration RESTART = Duration.ofSeconds(60);
    /** A node may have to fetch the image. */
    private static final Duration LONGEST_PREPARATION = Duration.ofMinutes(30);
    /** A shorter wait is not told. */
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(5);

    private final SwarmVisit visit;
    private final TaskService service;
    private final TaskLog log;
    private final Printed printed;
    private final Command command;
    private final TaskSentences sentences;
    private final TimeSource time;

    private final long created;
    private long since;
    private long running = -1;
    private long away = -1;
    private boolean told;
    private boolean wasAway;
    private boolean lost;
    private Optional<String> id = Optional.empty();
    private TaskState state = TaskState.NEW;
    private volatile boolean abandoned;

    TaskWatch(SwarmVisit visit, TaskService service, TaskLog log, Printed printed, Command command, TimeSource time) {
        this.visit = visit;
        this.service = service;
        this.log = log;
        this.printed = printed;
        this.command = command;
        this.sentences = new TaskSentences(command, visit.shape());
        this.time = time;
        this.created = time.nanos();
        this.since = created;
    }

    /** Ends the wait soon, from another thread. */
    void abandon() {
        abandoned = true;
    }

    /** Of the task; empty if there is none yet. */
    Optional<String> id() {
        return id;
    }

    /** Whether the swarm could not be asked for a while: its engines may have been started again. */
    boolean wasAway() {
        return wasAway;
    }

    /** Whether nobody can end it any more: its node is down. */
    boolean isLost() {
        return lost;
    }

    /** How long it ran, or was waited for if it was never seen to run. */
    Duration took() {
        return Duration.ofNanos(time.nanos() - (running < 0 ? created : running));
    }

    /**
     * @throws CommandTimedOutException if it runs for longer than it may; what it waits for a node does not count
     * @throws InfrastructureException if it will not run, or nobody can say how it ended
     */
    Task awaitEnd() throws InterruptedException {
        while (true) {
            if (abandoned) {
                throw sentences.sessionClosed();
            }
            log.failIfSpoiled();
            Optional<Task> task = look();
            if (task.isPresent() && TaskService.isOver(status(task.get()))) {
                return task.get();
            }
            if (away < 0) {
                judge(task);
            }
            failIfTooLong();
            time.sleep(pause());
        }
    }

    private Optional<Task> look() {
        Optional<Task> task;
        try {
            task = service.task();
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                throw sentences.serviceGone();
            }
            return awayBecauseOf(refused);
        } catch (InfrastructureException unreachable) {
            return awayBecauseOf(unreachable);
        }
        away = -1;
        if (task.isEmpty() && id.isPresent()) {
            throw sentences.serviceGone();
        }
        task.ifPresent(this::note);
        return task;
    }

    private void note(Task task) {
        id = Optional.of(task.getId());
        TaskState now = Objects.requireNonNullElse(status(task).getState(), TaskState.NEW);
        if (now != state) {
            state = now;
            since = time.nanos();
        }
        if (now == TaskState.RUNNING && running < 0) {
            running = time.nanos();
        }
    }

    private Optional<Task> awayBecauseOf(InfrastructureException why) {
        wasAway = true;
        long now = time.nanos();
        if (away < 0) {
            away = now;
        }
        if (now - away > RESTART.toNanos()) {
            throw sentences.wentAway(why);
        }
        LOG.debug("the swarm cannot be asked, trying again: {}", why.getMessage());
        return Optional.empty();
    }

    private void judge(Optional<Task> task) {
        if (task.isEmpty() || state.compareTo(TaskState.ASSIGNED) < 0) {
            waitForANode(task.map(TaskWatch::status));
        } else if (state.compareTo(TaskState.RUNNING) < 0) {
            if (time.nanos() - since > LONGEST_PREPARATION.toNanos()) {
                throw sentences.notPrepared(status(task.get()), LONGEST_PREPARATION);
            }
        } else {
            String node = String.valueOf(task.get().getNodeId());
            if (task.get().getDesiredState() != TaskState.RUNNING && visit.isDown(node)) {
                lost = true;
                throw sentences.nodeLost(node);
            }
            followOutput();
        }
    }

    private void waitForANode(Optional<TaskStatus> status) {
        String said = status.map(TaskSentences::said).orElse("it has made no task");
        long waited = time.nanos() - created;
        if (waited > visit.shape().placedWithin.toNanos()) {
            throw sentences.notPlaced(said);
        }
        if (!told && waited > WORTH_A_LINE.toNanos()) {
            told = true;
            printed.note("waiting for a node of the swarm: " + said);
        }
    }

    private void followOutput() {
        try {
            log.follow(id.orElseThrow());
        } catch (InfrastructureException notNow) {
            // What it prints is read in the end.
            LOG.debug("its output cannot be followed: {}", notNow.getMessage());
        }
    }

    private void failIfTooLong() {
        if (running >= 0
                && command.timeout().isPresent()
                && time.nanos() - running >= command.timeout().get().toNanos()) {
            throw sentences.tookTooLong();
        }
    }

    /** An eighth of what it took so far: who asks about a short command asks often. */
    private Duration pause() {
        long pause = Math.min(LONGEST_PAUSE.toNanos(), Math.max(SHORTEST_PAUSE.toNanos(), (time.nanos() - since) / 8));
        if (running >= 0 && command.timeout().isPresent()) {
            long left = command.timeout().get().toNanos() - (time.nanos() - running);
            pause = Math.min(pause, Math.max(0, left));
        }
        return Duration.ofNanos(pause);
    }

    private static TaskStatus status(Task task) {
        return Objects.requireNonNullElseGet(task.getStatus(), TaskStatus::new);
    }
}
