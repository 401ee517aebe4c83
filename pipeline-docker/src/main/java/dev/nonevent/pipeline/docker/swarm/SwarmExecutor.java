package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.docker.engine.Quantities;
import dev.nonevent.pipeline.docker.engine.Words;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Carries commands out on Docker Swarm: each is a service with one task that is never started again, put where the
 * constraints allow it and enough is free, and removed when it has ended.
 *
 * <pre>{@code
 * var maven = SwarmExecutor.swarmTask("maven:3.9-eclipse-temurin-17").cpus(2).memoryMib(2048);
 * }</pre>
 *
 * <p>A command works in its workspace, mounted at the same path. As long as nobody says {@link #workspaceOnEveryNode},
 * only the node this executor talks to has it, and every task stays there: Swarm then decides when it runs, not where.
 * The exit code is Swarm's record of the task. The output is complete, or says where it may not be. The image must
 * have {@code /bin/sh}. Commands run as the workspace's owner, without capabilities, with an init process and at most 512
 * processes; what they leave running ends with them. Each has a home of its own, in memory, from which no program can be
 * started. Their variables go in a Swarm secret and are in no inspection.
 *
 * <p>A task that no node takes or that is rejected, that is stopped from outside, whose node or engine goes away, is an
 * error of the infrastructure, in Swarm's own words. A command that the kernel kills for want of memory has failed, and
 * its last line says so. A service whose process died with {@code kill -9} is removed by the next command from the same machine.
 *
 * <p>Immutable and safe for use by several threads. The engine must be a manager of the swarm.
 */
public final class SwarmExecutor implements CommandExecutor {

    private final TaskShape shape;
    private final TimeSource time;

    private SwarmExecutor(TaskShape shape, TimeSource time) {
        this.shape = shape;
        this.time = time;
    }

    /** @param image as {@code docker service create} takes it: {@code busybox:1.36}, {@code shop@sha256:…} */
    public static SwarmExecutor swarmTask(String image) {
        return new SwarmExecutor(new TaskShape(Words.image(image, "busybox:1.36")), TimeSource.system());
    }

    /** @param constraint on the node, in Swarm's words: {@code node.labels.disk==ssd}, {@code node.role!=manager} */
    public SwarmExecutor constraint(String constraint) {
        if (!constraint.matches("\\s*(node|engine)\\.[\\w.-]+\\s*(==|!=)\\s*[^\\s=!]\\S*\\s*")) {
            throw new IllegalArgumentException("\"" + constraint
                    + "\" is no constraint: say one like node.labels.disk==ssd or node.role!=manager");
        }
        return with(changed -> changed.constraints.add(constraint.strip()));
    }

    /**
     * Says that every node that may take a command has the workspace at the same path, as on a network file system, and
     * lets tasks run on all of them. A node without it rejects them. The image must then be in a registry, and nodes are
     * given the digest it has there; or it is named by an id, {@code sha256:…}, which every node has.
     */
    public SwarmExecutor workspaceOnEveryNode() {
        return with(changed -> changed.anywhere = true);
    }

    /** @param longest how long a command may wait for a node that is free and suitable; a minute unless said */
    public SwarmExecutor placedWithin(Duration longest) {
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("waiting for a node takes some time, was " + longest);
        }
        return with(changed -> changed.placedWithin = longest);
    }

    /**
     * A variable for every command; the command's own environment goes before it. {@code docker service inspect} shows
     * it: the place for a secret is the stage's {@code env(name, secret)}.
     */
    public SwarmExecutor env(String name, String value) {
        Words.variable(name, value);
        return with(changed -> changed.environment.put(name, value));
    }

    /**
     * An overlay network of the swarm's, instead of the node's own bridge.
     *
     * @param name not {@code none}, which Swarm does not have, and not {@code host}, which would end the isolation
     */
    public SwarmExecutor network(String name) {
        if (name.isBlank() || name.equals("host") || name.equals("none")) {
            throw new IllegalArgumentException("a task of Swarm may not join the network \"" + name
                    + "\": name an overlay network; without a network, commands run with DockerExecutor only");
        }
        return with(changed -> changed.network = Optional.of(name));
    }

    /** @param mebibytes kept free for it on its node, and the most it may use; beyond it the kernel kills */
    public SwarmExecutor memoryMib(int mebibytes) {
        return with(changed -> changed.memory = OptionalLong.of(Quantities.memory(mebibytes)));
    }

    /** @param cpus kept free for it on its node, and the most it may use, such as 1.5 */
    public SwarmExecutor cpus(double cpus) {
        return with(changed -> changed.nanoCpus = OptionalLong.of(Quantities.nanoCpus(cpus)));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public SwarmExecutor processes(int most) {
        return with(changed -> changed.processes = Quantities.processes(most));
    }

    /** @param user {@code uid:gid} inside; unless said, files come out as their workspace's owner's */
    public SwarmExecutor user(String user) {
        return with(changed -> changed.user = Optional.of(Words.user(user)));
    }

    /** Nothing but the workspace and the home can be written. */
    public SwarmExecutor readOnly() {
        return with(changed -> changed.readOnly = true);
    }

    /** @param grace between the request to end and the kill; 10 seconds unless said */
    public SwarmExecutor grace(Duration grace) {
        return with(changed -> changed.grace = Quantities.grace(grace));
    }

    /** Only an image that is there already; unless said, a missing one is pulled. */
    public SwarmExecutor withoutPulling() {
        return with(changed -> changed.mayPull = false);
    }

    /** @param address {@code unix:///…} or {@code tcp://…} of a manager; unless said, the one the docker command would use */
    public SwarmExecutor engine(URI address) {
        return with(changed -> changed.engine = Optional.of(address));
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(
                    "interrupted before " + command.argv().get(0) + " was started");
        }
        try (TaskSession once = new TaskSession(shape, command.directory(), new Pins(), time)) {
            return once.run(command, output);
        }
    }

    @Override
    public Session open(SessionRequest request) {
        return new TaskSession(shape, request.workspace(), request.pins(), time);
    }

    /** No service of a run is on a network that a task of Swarm can join. */
    @Override
    public List<String> problemsWith(List<Service> services) {
        return services.stream()
                .map(service -> "a task of " + shape.image + " on Swarm cannot reach the service " + service.name()
                        + ", which is beside the commands of one machine: run those commands with DockerExecutor, or"
                        + " make it a service of the swarm and name its network")
                .toList();
    }

    @Override
    public String description() {
        return shape.image + " on Docker Swarm";
    }

    private SwarmExecutor with(Consumer<TaskShape> change) {
        TaskShape changed = shape.copy();
        change.accept(changed);
        return new SwarmExecutor(changed, time);
    }
}
