package dev.nonevent.pipeline.docker.contract;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One engine of a {@link PrivateSwarm}: a machine of its own as far as a network goes. Not thread-safe. */
public final class SwarmNode {

    private static final long PATIENCE_SECONDS = 60;

    private final EngineSite site;
    private final int number;
    private final Path directory;
    private final Path namespace;
    private Process dockerd;

    SwarmNode(EngineSite site, int number) throws IOException, InterruptedException {
        this.site = site;
        this.number = number;
        this.directory = Files.createDirectory(site.directory().resolve("node" + number));
        this.namespace = site.addNamespace(number);
        this.dockerd = startDockerd();
    }

    /** Where this machine reaches it, and what is published on it. */
    public String host() {
        return site.address(number);
    }

    public URI address() {
        return URI.create("unix://" + directory.resolve("docker.sock"));
    }

    /** A new connection, which the caller closes. */
    public Engine connect() {
        return Engine.at(Optional.of(address()));
    }

    /** As a crash of the engine: dockerd is gone at once, what runs in its containers goes on. */
    public void kill() throws InterruptedException {
        dockerd.destroyForcibly().waitFor();
    }

    /** As a machine that loses power: the engine and all in its containers are gone at once. */
    public void powerOff() throws IOException, InterruptedException {
        kill();
        site.killContainers(cgroup());
    }

    /** Starts it again after {@link #kill} or {@link #powerOff}; returns when it answers. */
    public void startAgain() throws IOException, InterruptedException {
        if (dockerd.isAlive()) {
            throw new IllegalStateException("dockerd is still running");
        }
        dockerd = startDockerd();
        awaitAnswer();
    }

    void awaitAnswer() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (Engine engine = connect()) {
            while (true) {
                try {
                    engine.tell("looking for it", docker -> docker.pingCmd().exec());
                    return;
                } catch (InfrastructureException notYet) {
                    if (!dockerd.isAlive() || System.nanoTime() > deadline) {
                        throw new AssertionError(
                                "dockerd does not answer: "
                                        + Files.readString(site.directory().resolve("nsenter.log")),
                                notYet);
                    }
                    Thread.sleep(50);
                }
            }
        }
    }

    /** Asks it to end: whatever a kernel does for it is given back by itself. */
    void end() throws InterruptedException {
        dockerd.destroy();
        if (!dockerd.waitFor(10, TimeUnit.SECONDS)) {
            kill();
        }
    }

    private String cgroup() {
        return site.cgroup() + "/node" + number;
    }

    private Process startDockerd() throws IOException {
        // It refuses to start beside the file a killed one left.
        Files.deleteIfExists(directory.resolve("dockerd.pid"));
        // Not "ip netns exec": that hides the cgroups.
        return PrivateEngine.start(
                site,
                "nsenter",
                List.of(
                        "--net=" + namespace,
                        EngineSite.program("dockerd").orElseThrow().toString(),
                        "--containerd=" + site.directory().resolve("containerd.sock"),
                        "--containerd-namespace=node" + number,
                        "--containerd-plugins-namespace=plugins-node" + number,
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--pidfile=" + directory.resolve("dockerd.pid"),
                        "--host=unix://" + directory.resolve("docker.sock"),
                        "--cgroup-parent=/" + cgroup(),
                        // One that a test starts beside it, on this machine.
                        "--insecure-registry=" + site.outside() + "/32"));
    }
}
