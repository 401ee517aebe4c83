package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Task;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an instance ends: its service is removed, and it is over when no node that answers has a container of it. */
final class ServiceEnd {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEnd.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    /** A node that answers no more is known to within this. */
    private static final Duration BEYOND_GRACE = Duration.ofSeconds(60);

    private static final String SERVICE_OF_A_CONTAINER = "com.docker.swarm.service.id";

    private final Swarm swarm;
    private final TimeSource time;

    ServiceEnd(Swarm swarm, TimeSource time) {
        this.swarm = swarm;
        this.time = time;
    }

    /** A service that somebody has changed since is not touched. */
    void of(Instance instance, Duration grace) throws InterruptedException {
        Optional<Serving> serving =
                new Servings(swarm).of(Serving.serviceOf(instance)).filter(found -> found.isOf(instance));
        if (serving.isPresent()) {
            remove(serving.get());
            awaitGone(serving.get(), grace);
        }
    }

    void remove(Serving serving) {
        try {
            swarm.ask("removing service " + serving.service(), docker -> {
                docker.removeServiceCmd(serving.service()).exec();
                return true;
            });
        } catch (EngineRefusedException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    private void awaitGone(Serving serving, Duration grace) throws InterruptedException {
        List<String> all = serving.replicas().stream().map(Replica::task).toList();
        long began = time.nanos();
        while (true) {
            List<Task> left = swarm.tasksAmong(all);
            Set<String> answering = left.isEmpty() ? Set.of() : swarm.nodesThatAnswer();
            boolean waiting = left.stream().anyMatch(task -> answering.contains(task.getNodeId()));
            if (!waiting && containersHere(serving.service()) == 0) {
                left.forEach(task -> LOG.warn(
                        "node {} does not answer: what it has of {} ends when it is back",
                        task.getNodeId(),
                        serving.label("dev.nonevent.deployment")));
                return;
            }
            if (time.nanos() - began >= grace.plus(BEYOND_GRACE).toNanos()) {
                throw new InfrastructureException("service " + serving.service() + " was removed, and still has "
                        + left.size() + " containers: look for those labelled " + SERVICE_OF_A_CONTAINER + "="
                        + serving.service() + " on its nodes");
            }
            time.sleep(LOOK);
        }
    }

    /** A node removes a container after its task is forgotten. */
    private int containersHere(String service) {
        return swarm.ask(
                        "looking for containers of service " + service,
                        docker -> docker.listContainersCmd()
                                .withShowAll(true)
                                .withLabelFilter(List.of(SERVICE_OF_A_CONTAINER + "=" + service))
                                .exec())
                .size();
    }
}
