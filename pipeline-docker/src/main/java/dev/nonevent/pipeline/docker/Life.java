package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.net.URI;
import java.util.Map;
import java.util.Objects;

/**
 * A container as it is now, from one start to the next: one that was started again is another life of it.
 *
 * @param status the engine's word for it
 */
record Life(String container, String startedAt, int restarts, String status, Map<String, String> labels) {

    static Life of(InspectContainerResponse answer) {
        ContainerState state = answer.getState();
        Map<String, String> labels = answer.getConfig().getLabels();
        return new Life(
                answer.getId(),
                Objects.requireNonNullElse(state.getStartedAt(), ""),
                Objects.requireNonNullElse(answer.getRestartCount(), 0),
                Objects.requireNonNullElse(state.getStatus(), ""),
                labels == null ? Map.of() : Map.copyOf(labels));
    }

    /** The container of an instance's identity; empty if that is no container's. */
    static String containerOf(Instance instance) {
        String id = instance.id();
        return id.matches("[0-9a-f]{64}@.+") ? id.substring(0, 64) : "";
    }

    String identity() {
        return container + "@" + startedAt + "/" + restarts;
    }

    boolean is(Instance instance) {
        return identity().equals(instance.id());
    }

    Instance instance() {
        return new Instance(identity(), label(Mark.DEPLOYMENT), URI.create(label(Mark.ADDRESS)));
    }

    String label(String name) {
        return labels.getOrDefault(name, "");
    }

    /** A paused one is alive: it only does not answer. */
    boolean isAlive() {
        return status.equals("running") || status.equals("paused");
    }

    /** It ended by itself, and the engine is about to start it again. */
    boolean isComingBack() {
        return status.equals("restarting");
    }

    boolean isUnborn() {
        return status.equals("created");
    }

    /** It ended, and nobody starts it again. */
    boolean isOver() {
        return status.equals("exited") || status.equals("dead");
    }
}
