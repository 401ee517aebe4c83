package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.HealthStateLog;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Container;
import dev.nonevent.pipeline.deployment.Health;
import dev.nonevent.pipeline.deployment.Probe;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Reach;
import dev.nonevent.pipeline.docker.instance.Mark;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the engine's own health checks say of the instance at an address. */
record ImageHealth(Reach reach) implements Probe {

    private static final int SHOWN = 200;

    @Override
    public Health probe(URI instance) throws InterruptedException {
        try {
            return reach.once(engine -> health(engine, instance));
        } catch (InfrastructureException e) {
            return new Health.Unhealthy("cannot be asked: " + e.getMessage());
        }
    }

    private static Health health(Engine engine, URI instance) {
        List<Container> found = engine.ask(
                "looking for the container at " + instance,
                docker -> docker.listContainersCmd()
                        .withLabelFilter(Map.of(Mark.ADDRESS, instance.toString()))
                        .exec());
        if (found.size() != 1) {
            return new Health.Unhealthy("has " + found.size() + " containers to ask");
        }
        ContainerState state = engine.ask(
                        "asking how container " + found.get(0).getId() + " is",
                        docker ->
                                docker.inspectContainerCmd(found.get(0).getId()).exec())
                .getState();
        if (Boolean.TRUE.equals(state.getPaused())) {
            return new Health.Unhealthy("is paused");
        }
        return said(state.getHealth());
    }

    private static Health said(@Nullable HealthState health) {
        if (health == null || health.getStatus() == null || health.getStatus().equals("none")) {
            return new Health.Unhealthy("has nothing to say: give the image a HEALTHCHECK, or ask by HTTP");
        } else if (health.getStatus().equals("healthy")) {
            return new Health.Healthy();
        }
        List<HealthStateLog> log = health.getLog();
        String last = log == null || log.isEmpty() ? "" : ", " + output(log.get(log.size() - 1));
        return new Health.Unhealthy("is " + health.getStatus() + last);
    }

    private static String output(HealthStateLog entry) {
        return String.valueOf(entry.getOutput())
                .strip()
                .codePoints()
                .limit(SHOWN)
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
