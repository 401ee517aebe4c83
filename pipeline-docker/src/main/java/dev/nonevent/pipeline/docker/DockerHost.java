package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.artifact.ArtifactStore;
import dev.nonevent.pipeline.deployment.Blueprint;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Host;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Declaration;
import dev.nonevent.pipeline.docker.instance.KeptImages;
import dev.nonevent.pipeline.docker.instance.Mark;
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
 * <p>With {@link #replicas} a release is several of them. All have to run to be given traffic, and until it is proven: one that
 * ends, though Docker starts it again, is the end of that proof. A proven release goes on with those that are left.
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

    private final Declaration declared;
    private final HostPorts ports;
    private final Reach reach;

    private DockerHost(Declaration declared, HostPorts ports, Reach reach) {
        this.declared = declared;
        this.ports = ports;
        this.reach = reach;
    }

    /** @param inside the port on which a release listens in its container */
    public static DockerHost port(int inside) {
        return new DockerHost(Declaration.port(inside), USUAL, new Reach(Optional.empty(), TimeSource.system()));
    }

    /** No secrets: what is said here is kept as text and shown by the engine, and a different value is a different release. */
    public DockerHost env(String name, String value) {
        return with(declared.env(name, value));
    }

    /**
     * How many containers a release is, each with its limits and an address of its own; 1 unless said. They are started, proven
     * and stopped as one, and whoever carries the traffic spreads it over them: our router does.
     *
     * @param count 1 to 64; a different one is a different release
     */
    public DockerHost replicas(int count) {
        Map<String, String> others = new TreeMap<>(declared.settings());
        others.remove(InstanceContainer.REPLICAS);
        Declaration one = new Declaration(others);
        return with(Declaration.replicas(count) == 1 ? one : one.with(InstanceContainer.REPLICAS, "" + count));
    }

    /** @param mebibytes the most it may use, swap included; beyond it the kernel kills, and Docker starts it again */
    public DockerHost memoryMib(int mebibytes) {
        return with(declared.memoryMib(mebibytes));
    }

    /** @param cores the most it may use at a time, such as 1.5 */
    public DockerHost cpus(double cores) {
        return with(declared.cpus(cores));
    }

    /** @param most processes and threads alive at the same time inside; 512 unless said */
    public DockerHost processes(int most) {
        return with(declared.processes(most));
    }

    /** It can write nothing but its volumes and 64 MiB under {@code /tmp}, which are in memory. */
    public DockerHost readOnly() {
        return with(declared.readOnly());
    }

    /** @param user {@code uid:gid} inside; unless said, as the image says */
    public DockerHost user(String user) {
        return with(declared.user(user));
    }

    /**
     * An existing network of the engine's, on which other containers reach it by its name.
     *
     * @param name not {@code host}, {@code none} or another container's: its port could not be published
     */
    public DockerHost network(String name) {
        Declaration.require(
                !name.isBlank() && !name.equals("host") && !name.equals("none") && !name.startsWith("container:"),
                "an instance cannot be reached on the network \"" + name + "\": name one of the engine's own");
        return with(declared.with(InstanceContainer.NETWORK, name));
    }

    /**
     * It is reached in a network of the engine's, at an address of its own, instead of on a port of the machine's. Only from the
     * engine's machine, and for networks that were made with a subnet: {@code docker network create --subnet 10.20.0.0/24 shop}.
     *
     * <p>Nothing is between the router and the release then. A published port is served by a process of the engine's that dies
     * with it: with live-restore the releases go on, but only those in a private network can be reached all the while.
     */
    public DockerHost privateNetwork(String name) {
        DockerHost on = network(name);
        return on.with(on.declared.with(InstanceContainer.REACHED_ON_IT, "yes"));
    }

    /** @param address of the machine, in a private network, instead of its loopback address */
    public DockerHost publishedAt(String address) {
        Declaration.require(
                address.matches("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}")
                        && !address.equals("0.0.0.0"),
                "an instance is published at one IPv4 address of the machine, such as 10.0.0.5, was " + address);
        return with(declared.with(InstanceContainer.PUBLISHED_AT, address));
    }

    /** Takes a free port of the machine from here to there, both included; 20000 to 29999 unless said. */
    public DockerHost ports(int from, int to) {
        return new DockerHost(declared, new HostPorts(from, to), reach);
    }

    /** How much of what it prints is kept: {@code files} files of {@code mebibytes} each; 3 of 10 unless said. */
    public DockerHost logs(int mebibytes, int files) {
        return with(declared.logs(mebibytes, files));
    }

    /** @param address {@code unix:///…} or {@code tcp://…}; unless said, the one the docker command would use */
    public DockerHost engine(URI address) {
        return new DockerHost(declared, ports, new Reach(Optional.of(address), reach.time()));
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
    public int addresses() {
        return new InstanceContainer(declared).replicas();
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
        return declared.blueprint(id, pushed);
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
        int named = Life.namedBy(instance).size();
        return named > 0
                && reach.look(engine -> new Lives(engine).of(instance)).stream()
                                .filter(Life::isAlive)
                                .count()
                        == named;
    }

    @Override
    public List<Instance> running(String application, Path home) {
        Map<String, String> labels = Mark.of(home, application).labels();
        return reach.look(engine -> new Lives(engine).instances(labels));
    }

    @Override
    public void stop(Instance instance, Duration grace) throws InterruptedException {
        reach.ask(engine -> {
            new InstanceEnd(engine, reach.time()).of(instance, grace);
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
        List<String> named = Life.namedBy(instance);
        return named.isEmpty() ? List.of() : reach.look(engine -> new LastWords(engine).of(named, lines));
    }

    @Override
    public String toString() {
        return addresses() == 1 ? "Docker containers" : "Docker containers, " + addresses() + " for each release";
    }

    private DockerHost with(Declaration more) {
        return new DockerHost(more, ports, reach);
    }
}
