package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.TaskState;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.Probe;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What Swarm says of the replica at an address: it runs when its image's own health check succeeds, if that has one. */
record TaskHealth(Managers managers) implements Probe {

    @Override
    public Health probe(URI instance) throws InterruptedException {
        try {
            return managers.once(swarm -> health(swarm, instance));
        } catch (InfrastructureException e) {
            return new Health.Unhealthy("cannot be asked: " + e.getMessage());
        }
    }

    private static Health health(Swarm swarm, URI instance) {
        List<Serving> found = new Servings(swarm).with(Map.of(Mark.ADDRESS, "http://0.0.0.0:" + instance.getPort()));
        Optional<Replica> replica = found.stream()
                .flatMap(serving -> serving.replicas().stream())
                .filter(each -> each.host().equals(instance.getHost()) && (each.isAlive() || each.isComing()))
                .findFirst();
        if (replica.isEmpty()) {
            return new Health.Unhealthy("has no task in the swarm");
        }
        return replica.get().state() == TaskState.RUNNING
                ? new Health.Healthy()
                : new Health.Unhealthy("is " + replica.get().state().getValue().toLowerCase(Locale.ROOT));
    }
}
