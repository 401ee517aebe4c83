package dev.nonevent.pipeline.docker.contract;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A dockerd of the test's own, to be killed, frozen and started again beside the machine's: with its own containerd,
 * directories, bridge and addresses. Ports published on loopback work, and its containers reach each other; the world
 * outside they do not reach.
 *
 * <p>{@link #close} leaves nothing: no process, mount, interface, rule, cgroup or file. What a test process that was killed
 * left is removed by the next start of any. Not thread-safe.
 */
public final class PrivateEngine implements AutoCloseable {

    private static final List<String> PROGRAMS = List.of("dockerd", "containerd", "ip", "iptables", "umount");
    private static final long PATIENCE_SECONDS = 60;

    private final EngineSite site;
    private final List<String> options;
    private final Process containerd;
    private Process dockerd;

    private PrivateEngine(EngineSite site, List<String> options, Process containerd, Process dockerd) {
        this.site = site;
        this.options = options;
        this.containerd = containerd;
        this.dockerd = dockerd;
    }

    /** Why none can be started here; empty if one can. */
    public static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("only root can start a dockerd of its own");
        }
        return PROGRAMS.stream()
                .filter(name -> EngineSite.program(name).isEmpty())
                .findFirst()
                .map(name -> "there is no " + name + ": install docker.io")
                .or(BusyboxImage::missing);
    }

    /**
     * Returns when it answers.
     *
     * @param options more of dockerd's, such as {@code --live-restore}
     */
    public static PrivateEngine start(String... options) throws IOException, InterruptedException {
        EngineSite site = EngineSite.claim();
        List<String> more = List.of(options);
        try {
            Process containerd = startContainerd(site);
            PrivateEngine started = new PrivateEngine(site, more, containerd, startDockerd(site, more));
            started.awaitAnswer();
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            site.leave();
            throw e;
        }
    }

    public URI address() {
        return URI.create("unix://" + socket());
    }

    public Path socket() {
        return site.directory().resolve("docker.sock");
    }

    /** Sixteen addresses for a network of its containers; without {@code --live-restore} a network has to be given these. */
    public String subnet() {
        return site.subnet();
    }

    /** A new connection, which the caller closes. */
    public Engine connect() {
        return Engine.at(Optional.of(address()));
    }

    /** Builds an image with busybox as every command it can be, and returns its name. */
    public String busybox() throws IOException, InterruptedException {
        try (Engine engine = connect()) {
            BusyboxImage.build(engine, "nonevent-test/busybox:private", Map.of());
        }
        return "nonevent-test/busybox:private";
    }

    /** The process of dockerd itself. */
    public ProcessHandle process() {
        return dockerd.toHandle();
    }

    /** As a crash: dockerd is gone at once, what runs in its containers goes on. */
    public void kill() throws InterruptedException {
        dockerd.destroyForcibly().waitFor();
    }

    /** As an upgrade: dockerd is asked to end, and by default ends its containers first. */
    public void stop() throws InterruptedException {
        dockerd.destroy();
        if (!dockerd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("dockerd did not end within " + PATIENCE_SECONDS + " s: " + log());
        }
    }

    /** Starts it again after {@link #kill} or {@link #stop}; returns when it answers. */
    public void startAgain() throws IOException, InterruptedException {
        if (dockerd.isAlive()) {
            throw new IllegalStateException("dockerd is still running");
        }
        dockerd = startDockerd(site, options);
        awaitAnswer();
    }

    /** Nothing answers any more, and no connection is cut. */
    public void freeze() throws IOException, InterruptedException {
        EngineSite.run("kill", "-STOP", String.valueOf(dockerd.pid()));
    }

    public void thaw() throws IOException, InterruptedException {
        EngineSite.run("kill", "-CONT", String.valueOf(dockerd.pid()));
    }

    /** What dockerd printed so far, of all its starts. */
    public String log() {
        try {
            return Files.readString(site.directory().resolve("dockerd.log"));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (dockerd.isAlive()) {
            thaw();
            site.killContainers();
            dockerd.destroy();
            if (!dockerd.waitFor(20, TimeUnit.SECONDS)) {
                kill();
            }
        }
        containerd.destroy();
        if (!containerd.waitFor(10, TimeUnit.SECONDS)) {
            containerd.destroyForcibly().waitFor();
        }
        site.leave();
    }

    static Process startContainerd(EngineSite site) throws IOException {
        Path directory = site.directory();
        Path settings = Files.writeString(directory.resolve("containerd.toml"), """
                version = 2
                root = "%1$s/containerd"
                state = "%1$s/containerd-state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                  address = "%1$s/containerd.sock"
                """.formatted(directory));
        return start(site, "containerd", List.of("--config", settings.toString()));
    }

    private static Process startDockerd(EngineSite site, List<String> more) throws IOException {
        // It refuses to start beside the file a killed one left.
        Files.deleteIfExists(site.directory().resolve("dockerd.pid"));
        List<String> options = new ArrayList<>();
        Consumer<String> option = options::add;
        option.accept("--containerd=" + site.directory().resolve("containerd.sock"));
        option.accept("--data-root=" + site.directory().resolve("data"));
        option.accept("--exec-root=" + site.directory().resolve("exec"));
        option.accept("--pidfile=" + site.directory().resolve("dockerd.pid"));
        option.accept("--host=unix://" + site.directory().resolve("docker.sock"));
        option.accept("--cgroup-parent=/" + site.cgroup());
        // Its chains in the kernel have the same names as those of the machine's own engine, which it would empty.
        option.accept("--iptables=false");
        option.accept("--ip6tables=false");
        option.accept("--ip-forward=false");
        option.accept("--ip-masq=false");
        option.accept("--bridge=" + site.bridge());
        // An engine that has pools and no live-restore removes docker0, which is the machine's own, when it starts
        // again.
        if (more.contains("--live-restore")) {
            option.accept("--default-address-pool=base=" + site.pool() + ",size=28");
        }
        options.addAll(more);
        return start(site, "dockerd", options);
    }

    static Process start(EngineSite site, String name, List<String> options) throws IOException {
        List<String> argv = new ArrayList<>();
        argv.add(EngineSite.program(name).orElseThrow().toString());
        argv.addAll(options);
        File log = site.directory().resolve(name + ".log").toFile();
        return new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
    }

    private void awaitAnswer() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try (Engine engine = connect()) {
            while (true) {
                try {
                    engine.tell("looking for it", docker -> docker.pingCmd().exec());
                    return;
                } catch (InfrastructureException notYet) {
                    if (!dockerd.isAlive() || System.nanoTime() > deadline) {
                        throw new AssertionError("dockerd does not answer: " + log(), notYet);
                    }
                    Thread.sleep(50);
                }
            }
        }
    }
}
