package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Quantities;
import dev.nonevent.pipeline.docker.engine.Words;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandExecutor;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.Pins;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.executor.Session;
import dev.nonevent.pipeline.executor.SessionRequest;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Carries the commands of a stage out in one container, which the first of them makes and which is gone when the stage has
 * ended; a command without a stage has a container of its own.
 *
 * <pre>{@code
 * var maven = DockerExecutor.container("maven:3.9-eclipse-temurin-17").cache("/root/.m2");
 * }</pre>
 *
 * <p>The workspace is mounted at the same path inside, and is all of this machine a command sees unless you mount more.
 * Commands run as the owner of that directory, without capabilities, with an init process, at most 512 processes, and no
 * terminal; the image's entry point is not used. What a command leaves running is killed when it ends. Its exit code is
 * the engine's record. Its output is complete, or says where it may not be, and in the order it was written. In an image
 * without {@code /bin/sh} each command has a container of its own, its variables stand in the container's configuration
 * while it lives, each of its two outputs is in order, and between them it is the order in which the engine reads.
 *
 * <p>A command that the kernel kills for want of memory has failed, and its last line says so. A container that is
 * stopped from outside, an engine that is restarted or cannot be reached, and an image that cannot be pulled are errors of
 * the infrastructure. A container whose process died with {@code kill -9} is removed by the next command on the same machine.
 *
 * <p>Immutable and safe for use by several threads. The engine must run on this machine, or at least share the workspace.
 */
public final class DockerExecutor implements CommandExecutor {

    private final Surroundings surroundings;
    private final TimeSource time;
    private final AtomicBoolean hasShell = new AtomicBoolean(true);

    private DockerExecutor(Surroundings surroundings, TimeSource time) {
        this.surroundings = surroundings;
        this.time = time;
    }

    /** @param image as {@code docker run} takes it: {@code busybox:1.36}, {@code shop@sha256:…} */
    public static DockerExecutor container(String image) {
        return new DockerExecutor(new Surroundings(Words.image(image, "busybox:1.36")), TimeSource.system());
    }

    /**
     * Keeps a directory inside from one command to the next, in a volume of the engine's: one for each path and user.
     * Commands running at the same time share it.
     *
     * @param directory absolute, such as {@code /root/.m2}; below {@code /root} only root reaches it
     */
    public DockerExecutor cache(String directory) {
        if (!Words.namePlace(directory)) {
            throw new IllegalArgumentException(
                    "a cache is an absolute directory like /root/.m2, without colon, comma, . and .., was "
                            + directory);
        }
        return with(changed -> changed.caches.add(directory));
    }

    /**
     * A variable for every command; the command's own environment goes before it. {@code docker inspect} may show it: the
     * place for a secret is the stage's {@code env(name, secret)}.
     */
    public DockerExecutor env(String name, String value) {
        Words.variable(name, value);
        return with(changed -> changed.environment.put(name, value));
    }

    /**
     * An existing network of the engine's; {@code none} for no network at all.
     *
     * @param name not {@code host} and not another container's: both would end the isolation
     */
    public DockerExecutor network(String name) {
        if (name.isBlank() || name.equals("host") || name.startsWith("container:")) {
            throw new IllegalArgumentException("a command may not join the network \"" + name
                    + "\": name one of the engine's own networks, or none");
        }
        return with(changed -> changed.network = name);
    }

    /** @param mebibytes the most it may use, swap included; beyond it the kernel kills, and the output says so */
    public DockerExecutor memoryMib(int mebibytes) {
        return with(changed -> changed.memory = OptionalLong.of(Quantities.memory(mebibytes)));
    }

    /** @param cpus how much of the engine's processors it may use, such as 1.5; all of them unless said */
    public DockerExecutor cpus(double cpus) {
        return with(changed -> changed.nanoCpus = OptionalLong.of(Quantities.nanoCpus(cpus)));
    }

    /**
     * Shows a file or directory of this machine to the commands, besides their workspace, to read only. What would give
     * the machine away is refused: the engine's socket and data, the system's own directories, a home as a whole.
     *
     * @param outside absolute, and there when the first command runs
     * @param inside absolute
     */
    public DockerExecutor mountFromThisMachine(Path outside, String inside) {
        return mounted(new HostMount(outside, inside, true));
    }

    /** As {@link #mountFromThisMachine}, but what is mounted can be changed from inside. */
    public DockerExecutor mountWritableFromThisMachine(Path outside, String inside) {
        return mounted(new HostMount(outside, inside, false));
    }

    private DockerExecutor mounted(HostMount mount) {
        return with(changed -> changed.hostMounts.add(mount));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public DockerExecutor processes(int most) {
        return with(changed -> changed.processes = Quantities.processes(most));
    }

    /** @param user {@code uid:gid} inside; unless said, files come out as their workspace's owner's */
    public DockerExecutor user(String user) {
        return with(changed -> changed.user = Optional.of(Words.user(user)));
    }

    /** @param grace between the request to end and the kill; 10 seconds unless said */
    public DockerExecutor grace(Duration grace) {
        return with(changed -> changed.grace = Quantities.grace(grace));
    }

    /** Only an image that is there already; unless said, a missing one is pulled. */
    public DockerExecutor withoutPulling() {
        return with(changed -> changed.mayPull = false);
    }

    /** @param address {@code unix:///…} or {@code tcp://…}; unless said, the one the docker command would use */
    public DockerExecutor engine(URI address) {
        return with(changed -> changed.engine = Optional.of(address));
    }

    @Override
    public CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException(
                    "interrupted before " + command.argv().get(0) + " was started");
        }
        if (!command.secrets().isEmpty()) {
            // with the command, and not with the container: that one can be inspected
            try (Session own = open(SessionRequest.in(command.directory()))) {
                return own.run(command, output);
            }
        }
        try (Visit visit = Visit.to(surroundings, new Pins(), command.directory(), output)) {
            if (hasShell.get()) {
                try {
                    return visit.carryOut(command, output, true, time);
                } catch (ShellMissingException nothingHasRun) {
                    hasShell.set(false);
                }
            }
            return visit.carryOut(command, output, false, time);
        }
    }

    @Override
    public Session open(SessionRequest request) {
        Surroundings reaching = surroundings.copy();
        reaching.services.addAll(new ServiceReach(surroundings).networks(request.services()));
        return new DockerSession(reaching, request, hasShell, time);
    }

    @Override
    public ServiceAddress addressOf(RunningService service) {
        return ServiceReach.address(service);
    }

    @Override
    public List<String> problemsWith(List<Service> services) {
        return new ServiceReach(surroundings).problems(services);
    }

    @Override
    public String description() {
        return surroundings.image;
    }

    private DockerExecutor with(Consumer<Surroundings> change) {
        Surroundings changed = surroundings.copy();
        change.accept(changed);
        return new DockerExecutor(changed, time);
    }
}
