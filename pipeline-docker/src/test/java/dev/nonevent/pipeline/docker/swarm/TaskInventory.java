package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.TaskState;
import dev.nonevent.pipeline.docker.contract.PrivateSwarm;
import dev.nonevent.pipeline.docker.contract.SwarmNode;
import dev.nonevent.pipeline.docker.engine.Engine;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** What commands have on a swarm of a test's own, on all of its nodes. */
final class TaskInventory {

    private final PrivateSwarm swarm;

    TaskInventory(PrivateSwarm swarm) {
        this.swarm = swarm;
    }

    String idOf(String image) {
        return ask(docker -> docker.inspectImageCmd(image).exec().getId());
    }

    /** Of the manager's node. */
    int processors() {
        return ask(docker -> docker.infoCmd().exec().getNCPU());
    }

    List<Service> services() {
        return ask(docker -> docker.listServicesCmd().exec());
    }

    /** Of all nodes, whatever they do. */
    List<String> containers() {
        List<String> all = new ArrayList<>();
        for (SwarmNode each : swarm.nodes()) {
            try (Engine engine = each.connect()) {
                engine.ask(
                                "testing",
                                docker -> docker.listContainersCmd()
                                        .withShowAll(true)
                                        .exec())
                        .forEach(container -> all.add(each.host() + " " + container.getId()));
            }
        }
        return all;
    }

    /** Services, secrets, containers and volumes; Swarm removes what has ended a moment later. */
    void awaitEmpty() throws InterruptedException {
        await(() -> all().isEmpty(), "empty");
    }

    private List<String> all() {
        List<String> all = new ArrayList<>(containers());
        services().forEach(each -> all.add("service " + each.getId()));
        ask(docker -> docker.listSecretsCmd().exec()).forEach(each -> all.add("secret " + each.getId()));
        for (SwarmNode node : swarm.nodes()) {
            try (Engine engine = node.connect()) {
                var volumes = engine.ask(
                                "testing", docker -> docker.listVolumesCmd().exec())
                        .getVolumes();
                if (volumes != null) {
                    volumes.forEach(each -> all.add("volume " + each.getName()));
                }
            }
        }
        return all;
    }

    /** Until a task waits for a node. */
    void awaitPending() throws InterruptedException {
        await(
                () -> ask(docker -> docker.listTasksCmd().exec()).stream()
                        .anyMatch(each -> each.getStatus().getState() == TaskState.PENDING
                                && String.valueOf(each.getStatus().getErr()).contains("insufficient resources")),
                "one task waiting");
    }

    void removeServices() {
        for (Service each : services()) {
            ask(docker -> {
                docker.removeServiceCmd(each.getId()).exec();
                return true;
            });
        }
    }

    void killContainers() {
        for (Container each : ask(docker -> docker.listContainersCmd().exec())) {
            ask(docker -> {
                docker.killContainerCmd(each.getId()).exec();
                return true;
            });
        }
    }

    /** What docker service inspect, docker inspect of tasks and containers, and docker secret inspect print. */
    String everythingShown() throws IOException {
        List<String> paths = new ArrayList<>(List.of("/services", "/tasks", "/secrets"));
        ask(docker -> docker.listContainersCmd().exec())
                .forEach(each -> paths.add("/containers/" + each.getId() + "/json"));
        StringBuilder shown = new StringBuilder();
        for (String path : paths) {
            shown.append(answerOf(path));
        }
        return shown.toString();
    }

    private String answerOf(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(swarm.manager().address().getPath()));
            channel.write(ByteBuffer.wrap(
                    ("GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    <T> T ask(Function<DockerClient, T> question) {
        try (Engine manager = swarm.manager().connect()) {
            return manager.ask("testing", question);
        }
    }

    private void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the swarm is not " + what + " after 60 s: " + all());
            }
            Thread.sleep(50);
        }
    }
}
