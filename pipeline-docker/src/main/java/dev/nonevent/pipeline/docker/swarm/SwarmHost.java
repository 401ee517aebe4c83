package dev.nonevent.pipeline.docker.swarm;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.Image;
import dev.nonevent.pipeline.docker.engine.LogEnd;
import dev.nonevent.pipeline.docker.engine.Quantities;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.docker.instance.KeptImages;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs releases as services of a Docker swarm, each with its replicas on nodes of their own, and each replica reached at its
 * node's address on a port that is the release's on every node.
 *
 * <pre>{@code
 * SwarmHost.port(8080).replicas(3).memoryMib(256).cpus(1.5).readOnly()
 * }</pre>
 *
 * <p>A service outlives the process that started it. It is found again by its labels, and its deployment has one name in the
 * swarm, so that two who start it at once start one. Somebody who changes the service makes another of it, which is left to
 * him. A replica that is started again, by Swarm and perhaps on another node, is another life with another identity: what was
 * found out about the one before is not true of it. Two machines that share a swarm need homes of different paths.
 *
 * <p>Inside it has no capabilities, from Docker 25 on can gain none, runs under an init, and has at most 512 processes. What it
 * prints is kept on its node, up to 3 files of 10 MiB. Every node makes its containers of the very image that was pushed, by
 * its digest; one that was not pushed has to be on each node. On the manager it is kept by a tag, as {@code DockerHost} does.
 *
 * <p>An engine that does not answer, or managers that have no leader, are asked again for 10 seconds; then it is unknown what
 * runs, and said so. Immutable; safe for use by several threads.
 */
public final class SwarmHost implements Host<Image> {

    private final Declaration declared;
    private final Managers managers;

    SwarmHost(Declaration declared, Managers managers) {
        this.declared = declared;
        this.managers = managers;
    }

    /** @param inside the port on which a release listens in its container */
    public static SwarmHost port(int inside) {
        return new SwarmHost(Declaration.port(inside), new Managers(new Reach(Optional.empty(), TimeSource.system())));
    }

    /** @param count how many run at the same time, each on a node of its own; one unless said */
    public SwarmHost replicas(int count) {
        return with(declared.with(ReleaseService.REPLICAS, "" + Declaration.replicas(count)));
    }

    /** No secrets: what is said here is kept as text and shown by the swarm, and a different value is a different release. */
    public SwarmHost env(String name, String value) {
        return with(declared.env(name, value));
    }

    /** @param mebibytes the most each replica may use, and what its node must have free for it */
    public SwarmHost memoryMib(int mebibytes) {
        return with(declared.memoryMib(mebibytes));
    }

    /** @param cores the most each replica may use at a time, such as 1.5, and what its node must have free for it */
    public SwarmHost cpus(double cores) {
        return with(declared.cpus(cores));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public SwarmHost processes(int most) {
        return with(declared.processes(most));
    }

    /** It can write nothing but its volumes and 64 MiB under {@code /tmp}, which are in memory. */
    public SwarmHost readOnly() {
        return with(declared.readOnly());
    }

    /** @param user {@code uid:gid} inside; unless said, as the image says */
    public SwarmHost user(String user) {
        return with(declared.user(user));
    }

    /** @param name an existing overlay network of the swarm's, on which the release and others reach each other by name */
    public SwarmHost network(String name) {
        Declaration.require(
                !name.isBlank() && !name.equals("host") && !name.equals("none") && !name.equals("bridge"),
                "a release cannot join the network \"" + name
                        + "\": name one made with docker network create --driver overlay");
        return with(declared.with(ReleaseService.NETWORK, name));
    }

    /** @param expression which nodes may have it, as Swarm takes it: {@code node.labels.disk==ssd}; all of several hold */
    public SwarmHost constraint(String expression) {
        Declaration.require(
                expression.matches("[a-zA-Z0-9_.-]+ *(==|!=) *[^ ].*"),
                "a constraint is like node.labels.disk==ssd, was " + expression);
        return with(declared.with(ReleaseService.CONSTRAINT + expression, expression));
    }

    /** How much of what it prints is kept: {@code files} files of {@code mebibytes} each; 3 of 10 unless said. */
    public SwarmHost logs(int mebibytes, int files) {
        return with(declared.logs(mebibytes, files));
    }

    /** @param time between being asked to end and being killed, which Swarm is told beforehand; 10 seconds unless said */
    public SwarmHost grace(Duration time) {
        return with(
                declared.with(ReleaseService.GRACE, "" + Quantities.grace(time).toMillis()));
    }

    /** @param address {@code unix:///…} or {@code tcp://…} of a manager; unless said, the engine the docker command would use */
    public SwarmHost engine(URI address) {
        return new SwarmHost(
                declared,
                new Managers(new Reach(Optional.of(address), managers.reach().time())));
    }

    /**
     * What Swarm says, which takes a replica for running when its image's own {@code HEALTHCHECK} succeeds; one without such
     * a check is healthy as soon as it runs.
     */
    public HealthCheck healthCheck() {
        return HealthCheck.by("the swarm's tasks", new TaskHealth(managers))
                .every(Duration.ofMillis(500))
                .healthyAfter(1);
    }

    @Override
    public int addresses() {
        return new ReleaseService(declared).replicas();
    }

    @Override
    public Blueprint prepare(Image image, ArtifactStore store, Path home) {
        Optional<String> pushed = image.digest().map(digest -> image.pinned());
        String id = managers.look(swarm -> {
            // Before anything is pulled: what it is prepared for must be a swarm.
            swarm.addresses();
            KeptImages images = new KeptImages(swarm.engine());
            String there = images.require(image.id(), pushed);
            images.keep(there, Mark.home(home));
            return there;
        });
        return declared.blueprint(id, pushed);
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        Mark mark = Mark.of(home, application);
        TimeSource time = managers.reach().time();
        return managers.ask(swarm -> new ServiceStart(swarm, mark, deployment, blueprint, time).run());
    }

    @Override
    public boolean isRunning(Instance instance) {
        String service = Serving.serviceOf(instance);
        return !service.isEmpty()
                && managers.look(swarm -> new Servings(swarm).of(service))
                        .filter(serving -> serving.is(instance))
                        .isPresent();
    }

    @Override
    public List<Instance> running(String application, Path home) {
        Map<String, String> labels = Mark.of(home, application).labels();
        return managers.look(swarm -> new Servings(swarm).with(labels)).stream()
                .map(Serving::instance)
                .toList();
    }

    /** @param grace how long is waited beyond what Swarm was told when the instance was started: see {@link #grace(Duration)} */
    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        managers.ask(swarm -> {
            new ServiceEnd(swarm, managers.reach().time()).of(instance, grace);
            return true;
        });
    }

    /** The tags of images that no blueprint names. */
    @Override
    public void tidy(String application, Collection<Blueprint> needed, Path home) {
        Mark mark = Mark.of(home, application);
        managers.look(swarm -> {
            new KeptImages(swarm.engine()).letGo(mark, needed);
            return true;
        });
    }

    /** And what Swarm says of replicas that it could not start, or that ended. */
    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        Optional<Serving> found = managers.look(swarm -> new Servings(swarm).of(Serving.serviceOf(instance)));
        if (found.isEmpty()) {
            return List.of();
        }
        String service = found.get().service();
        List<String> printed = managers.look(swarm -> new LogEnd(swarm.engine())
                .of(
                        "service " + service,
                        lines,
                        (docker, frames) -> docker.logServiceCmd(service)
                                .withStdout(true)
                                .withStderr(true)
                                .withTail(lines)
                                .exec(frames)));
        List<String> all = new ArrayList<>(printed);
        found.get().replicas().stream()
                .filter(each -> !each.isAlive() && !each.error().isEmpty())
                .map(each -> "swarm: replica " + each.slot() + ": " + each.error())
                .distinct()
                .forEach(all::add);
        return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    @Override
    public String toString() {
        return addresses() == 1
                ? "services of a Docker swarm"
                : "services of a Docker swarm, " + addresses() + " replicas for each release";
    }

    private SwarmHost with(Declaration more) {
        return new SwarmHost(more, managers);
    }
}
