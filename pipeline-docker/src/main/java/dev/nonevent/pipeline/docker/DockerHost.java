package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Runs releases as containers of a Docker engine, each on a port of its own on the loopback address, or at an address of its own
 * in a {@linkplain #privateNetwork network} of the engine's.
 *
 * <pre>{@code
 * DockerHost.port(8080).memoryMib(256).cpus(1.5).readOnly()
 * }</pre>
 *
 * <p>A container outlives the process that started it. It is found again by its labels, and its deployment has one name on the
 * engine, so that two who start it at once start one. Its address stays the same when it or the engine is started again, which
 * Docker does; but then it is another life, with another identity: what was found out about
 * the one before is not true of it. Two machines that share an engine need homes of different paths.
 *
 * <p>Inside it has no capabilities, can gain none, runs under an init, and has at most 512 processes. What it prints is kept up
 * to 3 files of 10 MiB.
 *
 * <p>Its image is kept by a tag below {@code nonevent-keep/}, so that a clean-up that spares tagged images spares it. {@link
 * #tidy} lets go what no release needs that traffic may go back to.
 *
 * <p>An engine that does not answer is asked again for 10 seconds; then it is unknown what runs, and said so. Immutable; safe
 * for use by several threads.
 */
public final class DockerHost implements Host<Image> {

    /** Below those that Linux gives to outgoing connections, which begin at 32768. */
    private static final HostPorts USUAL = new HostPorts(20_000, 29_999);

    private final Map<String, String> settings;
    private final HostPorts ports;
    private final Reach reach;

    private DockerHost(Map<String, String> settings, HostPorts ports, Reach reach) {
        this.settings = Map.copyOf(settings);
        this.ports = ports;
        this.reach = reach;
    }

    /** @param inside the port on which a release listens in its container */
    public static DockerHost port(int inside) {
        require(inside >= 1 && inside <= 65_535, "a port is from 1 to 65535, was " + inside);
        return new DockerHost(
                Map.of(InstanceContainer.PORT, "" + inside), USUAL, new Reach(Optional.empty(), TimeSource.system()));
    }

    /** No secrets: what is said here is kept as text and shown by the engine, and a different value is a different release. */
    public DockerHost env(String name, String value) {
        require(!name.isBlank() && name.indexOf('=') < 0, "\"" + name + "\" is no name for a variable");
        return with(InstanceContainer.VARIABLE + name, value);
    }

    /** @param mebibytes the most it may use, swap included; beyond it the kernel kills, and Docker starts it again */
    public DockerHost memoryMib(int mebibytes) {
        require(mebibytes >= 6, "a container needs at least 6 MiB, was " + mebibytes);
        return with(InstanceContainer.MEMORY, "" + ((long) mebibytes << 20));
    }

    /** @param cores the most it may use at a time, such as 1.5 */
    public DockerHost cpus(double cores) {
        require(cores >= 0.01 && cores <= 10_000, "a container has at least 0.01 cores, was " + cores);
        return with(InstanceContainer.NANO_CPUS, "" + Math.round(cores * 1e9));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public DockerHost processes(int most) {
        require(most >= 2, "a release and its init are two processes, was " + most);
        return with(InstanceContainer.PROCESSES, "" + most);
    }

    /** It can write nothing but its volumes and 64 MiB under {@code /tmp}, which are in memory. */
    public DockerHost readOnly() {
        return with(InstanceContainer.READ_ONLY, "yes");
    }

    /** @param user {@code uid:gid} inside; unless said, as the image says */
    public DockerHost user(String user) {
        require(user.matches("\\d{1,9}:\\d{1,9}"), "a user is uid:gid in numbers, such as 1000:1000, was " + user);
        return with(InstanceContainer.USER, user);
    }

    /**
     * An existing network of the engine's, on which other containers reach it by its name.
     *
     * @param name not {@code host}, {@code none} or another container's: its port could not be published
     */
    public DockerHost network(String name) {
        require(
                !name.isBlank() && !name.equals("host") && !name.equals("none") && !name.startsWith("container:"),
                "an instance cannot be reached on the network \"" + name + "\": name one of the engine's own");
        return with(InstanceContainer.NETWORK, name);
    }

    /**
     * It is reached in a network of the engine's, at an address of its own, instead of on a port of the machine's. Only from the
     * engine's machine, and for networks that were made with a subnet: {@code docker network create --subnet 10.20.0.0/24 shop}.
     *
     * <p>Nothing is between the router and the release then. A published port is served by a process of the engine's that dies
     * with it: with live-restore the releases go on, but only those in a private network can be reached all the while.
     */
    public DockerHost privateNetwork(String name) {
        return network(name).with(InstanceContainer.REACHED_ON_IT, "yes");
    }

    /** @param address of the machine, in a private network, instead of its loopback address */
    public DockerHost publishedAt(String address) {
        require(
                address.matches("\\d{1,3}(\\.\\d{1,3}){3}") && !address.equals("0.0.0.0"),
                "an instance is published at one IPv4 address of the machine, such as 10.0.0.5, was " + address);
        return with(InstanceContainer.PUBLISHED_AT, address);
    }

    /** Takes a free port of the machine from here to there, both included; 20000 to 29999 unless said. */
    public DockerHost ports(int from, int to) {
        return new DockerHost(settings, new HostPorts(from, to), reach);
    }

    /** How much of what it prints is kept: {@code files} files of {@code mebibytes} each; 3 of 10 unless said. */
    public DockerHost logs(int mebibytes, int files) {
        require(mebibytes >= 1 && files >= 1, "at least one file of 1 MiB is kept of what is printed");
        return with(InstanceContainer.LOG_SIZE, "" + mebibytes).with(InstanceContainer.LOG_FILES, "" + files);
    }

    /** @param address {@code unix:///…} or {@code tcp://…}; unless said, the one the docker command would use */
    public DockerHost engine(URI address) {
        return new DockerHost(settings, ports, new Reach(Optional.of(address), reach.time()));
    }

    /**
     * What the image's own {@code HEALTHCHECK} says, which the engine asks in its own rhythm. An instance without one is not
     * healthy.
     */
    public HealthCheck healthCheck() {
        return HealthCheck.by("HEALTHCHECK of the image", new ImageHealth(reach))
                .every(Duration.ofMillis(500))
                .healthyAfter(1);
    }

    @Override
    public Blueprint prepare(Image image, ArtifactStore store, Path home) {
        Optional<String> pushed = image.digest().map(digest -> image.pinned());
        String id = reach.look(engine -> {
            KeptImages images = new KeptImages(engine);
            String there = images.require(image.id(), pushed);
            images.keep(there, Mark.home(home));
            return there;
        });
        Map<String, String> all = new TreeMap<>(settings);
        all.put(InstanceContainer.IMAGE, id);
        pushed.ifPresent(reference -> all.put(InstanceContainer.PULLED_AS, reference));
        return new Blueprint(id, all);
    }

    @Override
    public Instance start(String application, String deployment, Blueprint blueprint, Path home)
            throws InterruptedException {
        Mark mark = Mark.of(home, application);
        return reach.ask(engine -> {
            new Lives(engine).removeDead(mark);
            return new InstanceStart(engine, mark, deployment, blueprint, ports, reach.time()).run();
        });
    }

    @Override
    public boolean isRunning(Instance instance) {
        String container = Life.containerOf(instance);
        return !container.isEmpty()
                && reach.look(engine -> new Lives(engine).of(container))
                        .filter(life -> life.isAlive() && life.is(instance))
                        .isPresent();
    }

    @Override
    public List<Instance> running(String application, Path home) {
        Map<String, String> labels = Mark.of(home, application).labels();
        return reach.look(engine -> new Lives(engine).with(labels)).stream()
                .filter(life -> life.isAlive() || life.isComingBack())
                .map(Life::instance)
                .toList();
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        String container = Life.containerOf(instance);
        reach.ask(engine -> {
            new InstanceEnd(engine, reach.time()).of(container, instance, grace);
            return true;
        });
    }

    /** Containers of it that have ended, and the tags of images that no blueprint names. */
    @Override
    public void tidy(String application, Collection<Blueprint> needed, Path home) {
        Mark mark = Mark.of(home, application);
        reach.look(engine -> {
            new Lives(engine).removeDead(mark);
            new KeptImages(engine).letGo(mark, needed);
            return true;
        });
    }

    @Override
    public List<String> lastLines(Instance instance, Path home, int lines) {
        String container = Life.containerOf(instance);
        return container.isEmpty() ? List.of() : reach.look(engine -> new ContainerLog(engine).end(container, lines));
    }

    @Override
    public String toString() {
        return "Docker containers";
    }

    private DockerHost with(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new DockerHost(more, ports, reach);
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
