package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.PortConfig;
import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.SwarmNode;
import com.github.dockerjava.api.model.SwarmNodeState;
import com.github.dockerjava.api.model.Task;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a swarm says of itself through an engine that is one of its managers, for as long as the connection is open. */
final class Swarm {

    private final Engine engine;

    Swarm(Engine engine) {
        this.engine = engine;
    }

    Engine engine() {
        return engine;
    }

    /**
     * Asks a manager.
     *
     * @throws LeaderlessException if the managers cannot agree
     * @throws InfrastructureException in one sentence, if the engine is no manager
     */
    <T> T ask(String doing, Function<? super DockerClient, ? extends T> question) {
        try {
            return engine.ask(doing, question);
        } catch (EngineRefusedException refused) {
            throw explained(doing, refused);
        }
    }

    private InfrastructureException explained(String doing, EngineRefusedException refused) {
        String reason = refused.reason();
        if (reason.contains("Worker nodes can't be used")) {
            return new InfrastructureException(
                    "the Docker engine at " + engine.address()
                            + " is a worker of its swarm, and only a manager can be asked: name one with engine(…)",
                    refused);
        } else if (reason.contains("not a swarm manager")) {
            return new InfrastructureException(
                    "the Docker engine at " + engine.address()
                            + " is in no swarm: begin one with docker swarm init, or name a manager of yours with engine(…)",
                    refused);
        } else if (reason.contains("does not have a leader")
                || reason.contains("too few managers")
                || reason.contains("DeadlineExceeded")
                || reason.contains("context deadline exceeded")) {
            return new LeaderlessException(doing, engine.address(), refused);
        }
        return refused;
    }

    /** @param nameOrId of a service; one that the swarm does not know is none */
    Optional<Service> service(String nameOrId) {
        try {
            return Optional.of(ask(
                    "looking at service " + nameOrId,
                    docker -> docker.inspectServiceCmd(nameOrId).exec()));
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Those that have these labels. */
    List<Service> services(Map<String, String> labels) {
        return ask(
                "looking for services",
                docker -> docker.listServicesCmd().withLabelFilter(labels).exec());
    }

    /** All of a service, those that have ended as well, as far as they are remembered; none of one that is gone. */
    List<Task> tasks(String service) {
        try {
            return ask(
                    "looking at the tasks of service " + service,
                    docker -> docker.listTasksCmd().withServiceFilter(service).exec());
        } catch (EngineRefusedException refused) {
            if (refused.isNotFound()) {
                return List.of();
            }
            throw refused;
        }
    }

    /** Those of these tasks that are still there. */
    List<Task> tasksAmong(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : ask(
                        "looking at what is left of a service",
                        docker -> docker.listTasksCmd()
                                .withIdFilter(ids.toArray(String[]::new))
                                .exec());
    }

    /** The addresses of the nodes, by their ids. */
    Map<String, String> addresses() {
        return nodes().filter(node -> node.getId() != null).collect(Collectors.toMap(SwarmNode::getId, Swarm::address));
    }

    /** The ids of those that answer their managers. */
    Set<String> nodesThatAnswer() {
        return nodes().filter(
                        node -> node.getStatus() != null && node.getStatus().getState() == SwarmNodeState.READY)
                .map(SwarmNode::getId)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private Stream<SwarmNode> nodes() {
        return ask("looking at the nodes", docker -> docker.listSwarmNodesCmd().exec()).stream();
    }

    /** The leader does not always know its own as the others do. */
    private static String address(SwarmNode node) {
        String own = node.getStatus() == null ? "" : text(node.getStatus().getAddress());
        if ((own.isEmpty() || own.equals("0.0.0.0")) && node.getManagerStatus() != null) {
            return text(node.getManagerStatus().getAddr()).replaceFirst(":\\d+$", "");
        }
        return own;
    }

    /** The ports that services have on the nodes, in whichever mode. */
    Set<Integer> portsTaken() {
        return services(Map.of()).stream()
                .flatMap(service -> Stream.concat(
                        ports(
                                service.getEndpoint() == null
                                        ? null
                                        : service.getEndpoint().getPorts()),
                        ports(
                                service.getSpec() == null || service.getSpec().getEndpointSpec() == null
                                        ? null
                                        : service.getSpec().getEndpointSpec().getPorts())))
                .collect(Collectors.toSet());
    }

    private static Stream<Integer> ports(PortConfig @Nullable [] ports) {
        return ports == null ? Stream.of() : Stream.of(ports).map(PortConfig::getPublishedPort);
    }

    private static Stream<Integer> ports(@Nullable List<PortConfig> ports) {
        return ports == null ? Stream.of() : ports.stream().map(PortConfig::getPublishedPort);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
