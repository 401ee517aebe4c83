package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.Task;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The service of an instance as it is now. Whoever changes it makes another of it, and whose replica is started again is
 * another life of it.
 *
 * @param version grows with every change of the service, and with none of its replicas
 */
record Serving(String service, long version, Map<String, String> labels, List<Replica> replicas) {

    private static final String IDENTITY = "[a-z0-9]{10,64}@\\d+/[a-z0-9+]*";

    static Serving of(Service service, List<Task> tasks, Map<String, String> hosts) {
        ServiceSpec spec = service.getSpec();
        Map<String, String> labels = spec == null ? null : spec.getLabels();
        return new Serving(
                Objects.requireNonNullElse(service.getId(), ""),
                version(service),
                labels == null ? Map.of() : Map.copyOf(labels),
                tasks.stream()
                        .map(task -> Replica.of(task, hosts))
                        .sorted(Comparator.comparingInt(Replica::slot).thenComparing(Replica::task))
                        .toList());
    }

    private static long version(Service service) {
        return service.getVersion() == null
                ? 0
                : Objects.requireNonNullElse(service.getVersion().getIndex(), 0L);
    }

    /** The service of an instance's identity; empty if that is no service's. */
    static String serviceOf(Instance instance) {
        String id = instance.id();
        return id.matches(IDENTITY) ? id.substring(0, id.indexOf('@')) : "";
    }

    /** Whether the instance is of this service, and nobody has changed it since. */
    boolean isOf(Instance instance) {
        return instance.id().startsWith(life() + "/") && !serviceOf(instance).isEmpty();
    }

    /** Whether every replica that the instance names is alive. */
    boolean is(Instance instance) {
        if (!isOf(instance)) {
            return false;
        }
        Set<String> alive = alive().map(Replica::shortened).collect(Collectors.toSet());
        List<String> named =
                List.of(instance.id().substring(life().length() + 1).split("\\+"));
        return alive.containsAll(named);
    }

    /** As it is now, at the addresses of the replicas that run; if none does, of those that are to. */
    Instance instance() {
        String named = alive().map(Replica::shortened).collect(Collectors.joining("+"));
        List<URI> addresses = Stream.concat(alive(), replicas.stream().filter(Replica::isComing))
                .map(Replica::host)
                .filter(host -> !host.isEmpty())
                .distinct()
                .map(host -> URI.create("http://" + host + ":" + port()))
                .toList();
        return addresses.isEmpty()
                ? new Instance(life() + "/" + named, label(Mark.DEPLOYMENT), URI.create(label(Mark.ADDRESS)))
                : new Instance(
                        life() + "/" + named,
                        label(Mark.DEPLOYMENT),
                        addresses.get(0),
                        addresses.subList(1, addresses.size()));
    }

    Stream<Replica> alive() {
        return replicas.stream().filter(Replica::isAlive);
    }

    /** On each node that has a replica. */
    int port() {
        return URI.create(label(Mark.ADDRESS)).getPort();
    }

    String label(String name) {
        return labels.getOrDefault(name, "");
    }

    private String life() {
        return service + "@" + version;
    }
}
