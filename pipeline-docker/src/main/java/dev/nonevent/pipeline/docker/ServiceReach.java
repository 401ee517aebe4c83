package dev.nonevent.pipeline.docker;

import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.executor.RunningService;
import dev.nonevent.pipeline.executor.Service;
import dev.nonevent.pipeline.executor.ServiceAddress;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.List;

/** How the commands of one executor reach services: by name, on the network the services of the run have for themselves. */
final class ServiceReach {

    private final Surroundings surroundings;

    ServiceReach(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Why they could not, as far as a plan can know. */
    List<String> problems(List<Service> services) {
        if (!services.isEmpty() && hasNoNetwork()) {
            return List.of(withoutNetwork(services.get(0).name()));
        }
        return services.stream()
                .filter(service -> !(service instanceof DockerService))
                .map(service -> elsewhere(service.name()))
                .toList();
    }

    /**
     * The networks on which they are; a container that joins them reaches them.
     *
     * @throws InfrastructureException if one of them cannot be reached
     */
    List<String> networks(List<RunningService> services) {
        return services.stream().map(this::network).distinct().toList();
    }

    static ServiceAddress address(RunningService service) {
        return service instanceof ServiceContainer container ? container.inside() : service.address();
    }

    private String network(RunningService service) {
        if (!(service instanceof ServiceContainer container)) {
            throw new InfrastructureException(elsewhere(service.address().host()));
        }
        String name = container.inside().host();
        if (hasNoNetwork()) {
            throw new InfrastructureException(withoutNetwork(name));
        }
        try (Engine ours = Engine.at(surroundings.engine)) {
            if (!ours.address().equals(container.engine().address())) {
                throw new InfrastructureException("service " + name + " is on the engine at "
                        + container.engine().address() + ", and a container of " + surroundings.image
                        + " on the one at " + ours.address() + ": name one engine for both");
            }
        }
        return container.network();
    }

    /** It is not given one behind the back of who took it away. */
    private boolean hasNoNetwork() {
        return surroundings.network.equals("none");
    }

    private String withoutNetwork(String service) {
        return "a container of " + surroundings.image + " has no network, and so reaches no service " + service
                + ": take network(\"none\") or the service away";
    }

    private String elsewhere(String service) {
        return "a container of " + surroundings.image + " cannot reach the service " + service
                + ", which is in no container: run it with DockerService, or the commands on this machine";
    }
}
