package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.api.model.TaskStatus;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Waiting;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** The service of one command, and the secret with its variables. By name, so that a creation nobody heard of is removed too. */
final class TaskService {

    private static final Duration RESTART = Duration.ofSeconds(15);
    /** Beyond the grace: for Swarm to tell the node, and for the node to tell that it is done. */
    private static final Duration GONE = Duration.ofSeconds(60);

    private final SwarmVisit visit;
    private final Engine engine;
    private final TimeSource time;
    private final String name = "nonevent-" + UUID.randomUUID();

    TaskService(SwarmVisit visit, TimeSource time) {
        this.visit = visit;
        this.engine = visit.engine();
        this.time = time;
    }

    String name() {
        return name;
    }

    /** @param mark what the shell around the command says last */
    void create(Command command, String mark) {
        Optional<TaskSecret> variables = command.environment().isEmpty()
                ? Optional.empty()
                : Optional.of(TaskSecret.create(visit, name, command));
        ServiceSpec service = new ServiceSpec()
                .withName(name)
                .withLabels(visit.labels())
                .withMode(new ServiceModeConfig().withReplicated(new ServiceReplicatedModeOptions().withReplicas(1)))
                .withTaskTemplate(visit.specs().of(command, mark, variables));
        Optional<AuthConfig> login =
                visit.shape().anywhere ? engine.logins().forImage(visit.shape().image) : Optional.empty();
        engine.ask("creating a service of " + visit.shape().image, docker -> {
            var creation = docker.createServiceCmd(service);
            login.ifPresent(creation::withAuthConfig);
            return creation.exec();
        });
    }

    /**
     * Its one task; empty if Swarm has not made it yet.
     *
     * @throws EngineRefusedException if the service is not there any more
     */
    Optional<Task> task() {
        return engine
                .ask(
                        "asking for the task of service " + name,
                        docker -> docker.listTasksCmd().withServiceFilter(name).exec())
                .stream()
                .findFirst();
    }

    /** Has Swarm stop its task if it runs, and forget it. A manager that is away is waited for as long as its restart takes. */
    void remove() {
        patiently("service", docker -> docker.removeServiceCmd(name).exec());
        patiently("secret", docker -> docker.removeSecretCmd(name).exec());
    }

    private void patiently(String kind, Consumer<DockerClient> removal) {
        try (Waiting waiting = new Waiting(time, RESTART)) {
            while (true) {
                try {
                    engine.tell("removing " + kind + " " + name, removal);
                    return;
                } catch (InfrastructureException e) {
                    if (e instanceof EngineRefusedException refused && refused.isNotFound()) {
                        return;
                    }
                    // A manager that was just started has no say for a moment, and refuses.
                    if (waiting.isOver()) {
                        throw new InfrastructureException(
                                kind + " " + name + " may still be there, remove it with docker " + kind + " rm " + name
                                        + ": " + e.getMessage(),
                                e);
                    }
                }
            }
        }
    }

    /** Waits until nothing of its task is alive, and on this node until its container is gone; after {@link #remove}. */
    void awaitEnd(Optional<String> task) {
        if (task.isEmpty()) {
            return;
        }
        try (Waiting waiting = new Waiting(time, visit.shape().grace.plus(GONE))) {
            while (isAlive(task.get()) || hasContainer(task.get())) {
                if (waiting.isOver()) {
                    throw new InfrastructureException("task " + task.get() + " of the removed service " + name
                            + " has not ended: its container may still run, look for it with docker ps on its node");
                }
            }
        }
    }

    private boolean isAlive(String task) {
        return engine
                .ask(
                        "asking whether task " + task + " is gone",
                        docker -> docker.listTasksCmd().withIdFilter(task).exec())
                .stream()
                .map(Task::getStatus)
                .anyMatch(status -> status != null && !isOver(status));
    }

    private boolean hasContainer(String task) {
        return !engine.ask(
                        "looking for the container of task " + task,
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(Map.of("com.docker.swarm.task.id", task))
                                .exec())
                .isEmpty();
    }

    /** Removes it because of a failure; if that fails too, the sentence says both. */
    <X extends Throwable> X removedAfter(
            X failure, Optional<String> task, Function<? super String, ? extends X> worse) {
        try {
            remove();
            awaitEnd(task);
            return failure;
        } catch (InfrastructureException e) {
            X both = worse.apply(e.getMessage() + "; before that: " + failure.getMessage());
            both.addSuppressed(failure);
            return both;
        }
    }

    static boolean isOver(TaskStatus status) {
        TaskState state = status.getState();
        return state != null && state.compareTo(TaskState.COMPLETE) >= 0;
    }
}
