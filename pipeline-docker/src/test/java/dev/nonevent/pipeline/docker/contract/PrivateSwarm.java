package dev.nonevent.pipeline.docker.contract;

import com.github.dockerjava.api.model.SwarmDispatcherConfig;
import com.github.dockerjava.api.model.SwarmJoinTokens;
import com.github.dockerjava.api.model.SwarmSpec;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A swarm of the test's own, of one engine or of several, each in a network namespace as if it were a machine: what is
 * published on a node is reached at {@link SwarmNode#host}, and the nodes reach each other. The first is the manager. A node
 * that is gone is missed after some 3 seconds, not after 15.
 *
 * <p>There is no IPVS in every kernel: only what is published in {@code mode=host}, and not through Swarm's ingress network,
 * can be relied on. {@link #close} leaves nothing; what a test process that was killed left is removed by the next start of
 * any. Not thread-safe.
 */
public final class PrivateSwarm implements AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final EngineSite site;
    private final Process containerd;
    private final List<SwarmNode> nodes;

    private PrivateSwarm(EngineSite site, Process containerd, List<SwarmNode> nodes) {
        this.site = site;
        this.containerd = containerd;
        this.nodes = List.copyOf(nodes);
    }

    /** Engines that answer, of which none is in a swarm yet: for {@link #begin}. */
    public static PrivateSwarm engines(int nodes) throws IOException, InterruptedException {
        EngineSite site = EngineSite.claim();
        try {
            Process containerd = PrivateEngine.startContainerd(site);
            List<SwarmNode> all = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                all.add(new SwarmNode(site, i));
            }
            PrivateSwarm swarm = new PrivateSwarm(site, containerd, all);
            for (SwarmNode each : swarm.nodes) {
                each.awaitAnswer();
            }
            return swarm;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            site.leave();
            throw e;
        }
    }

    /** Returns when every node is in it. */
    public static PrivateSwarm start(int nodes) throws IOException, InterruptedException {
        PrivateSwarm swarm = engines(nodes);
        try {
            swarm.begin();
            return swarm;
        } catch (RuntimeException | AssertionError e) {
            swarm.close();
            throw e;
        }
    }

    /** Makes a swarm of the engines; the first is its manager. */
    public void begin() {
        begin(1);
    }

    /** @param managers how many of the engines are, the first of them */
    public void begin(int managers) {
        SwarmJoinTokens tokens;
        try (Engine manager = manager().connect()) {
            manager.tell(
                    "beginning a swarm",
                    docker -> docker.initializeSwarmCmd(new SwarmSpec()
                                    .withName("default")
                                    .withDispatcher(
                                            new SwarmDispatcherConfig().withHeartbeatPeriod(HEARTBEAT.toNanos())))
                            .withListenAddr(manager().host() + ":2377")
                            .withAdvertiseAddr(manager().host())
                            .exec());
            tokens = manager.ask(
                    "asking for the tokens",
                    docker -> docker.inspectSwarmCmd().exec().getJoinTokens());
        }
        for (SwarmNode each : nodes.subList(1, nodes.size())) {
            String token = nodes.indexOf(each) < managers ? tokens.getManager() : tokens.getWorker();
            try (Engine engine = each.connect()) {
                engine.tell(
                        "joining",
                        docker -> docker.joinSwarmCmd()
                                .withListenAddr(each.host() + ":2377")
                                .withAdvertiseAddr(each.host())
                                .withRemoteAddrs(List.of(manager().host() + ":2377"))
                                .withJoinToken(token)
                                .exec());
            }
        }
    }

    /** This machine, as the nodes reach it: a registry there may speak plain HTTP. */
    public String outside() {
        return site.outside();
    }

    public SwarmNode manager() {
        return nodes.get(0);
    }

    public List<SwarmNode> nodes() {
        return nodes;
    }

    /** Builds an image with busybox as every command it can be, on every node the same, and returns its name. */
    public String busybox() throws IOException, InterruptedException {
        String name = "nonevent-test/busybox:private";
        try (Engine engine = manager().connect()) {
            BusyboxImage.build(engine, name, Map.of());
        }
        spread(name);
        return name;
    }

    /** Gives an image that the manager has to the other nodes, as nobody could pull it. */
    public void spread(String image) throws IOException {
        if (nodes.size() == 1) {
            return;
        }
        byte[] saved;
        try (Engine manager = manager().connect();
                InputStream tar = manager.ask(
                        "saving " + image, docker -> docker.saveImageCmd(image).exec())) {
            saved = tar.readAllBytes();
        }
        for (SwarmNode each : nodes.subList(1, nodes.size())) {
            try (Engine engine = each.connect()) {
                engine.tell(
                        "loading " + image,
                        docker -> docker.loadImageCmd(new ByteArrayInputStream(saved))
                                .exec());
            }
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        site.killContainers(site.cgroup());
        for (SwarmNode each : nodes) {
            each.end();
        }
        containerd.destroy();
        if (!containerd.waitFor(10, TimeUnit.SECONDS)) {
            containerd.destroyForcibly().waitFor();
        }
        site.leave();
    }
}
