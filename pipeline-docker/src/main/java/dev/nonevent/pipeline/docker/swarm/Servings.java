package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services of instances that a swarm has, found by name, id or label. */
final class Servings {

    private final Swarm swarm;

    Servings(Swarm swarm) {
        this.swarm = swarm;
    }

    /** @param nameOrId one that the swarm does not know is none */
    Optional<Serving> of(String nameOrId) {
        return nameOrId.isEmpty()
                ? Optional.empty()
                : swarm.service(nameOrId).map(service -> serving(service, swarm.addresses()));
    }

    /** All that have these labels, whatever has become of their replicas. */
    List<Serving> with(Map<String, String> labels) {
        List<Service> found = swarm.services(labels);
        if (found.isEmpty()) {
            return List.of();
        }
        Map<String, String> hosts = swarm.addresses();
        return found.stream().map(service -> serving(service, hosts)).toList();
    }

    private Serving serving(Service service, Map<String, String> hosts) {
        return Serving.of(service, swarm.tasks(String.valueOf(service.getId())), hosts);
    }
}
