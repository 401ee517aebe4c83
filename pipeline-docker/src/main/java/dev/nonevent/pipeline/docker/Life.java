package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.nonevent.pipeline.deployment.Instance;
import dev.nonevent.pipeline.docker.instance.Mark;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A container as it is now, from one start to the next: one that was started again is another life of it.
 *
 * @param status the engine's word for it
 */
record Life(String container, String startedAt, int restarts, String status, Map<String, String> labels) {

    /** Label of a container that is one of several: its number, from 1. */
    static final String REPLICA = "dev.nonevent.replica";

    /** Between the lives that one identity names. */
    static final String AND = ",";

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

    /** The lives that an instance's identity names; none if it is not made of containers'. */
    static List<String> namedBy(Instance instance) {
        List<String> named = List.of(instance.id().split(AND, -1));
        return named.stream().allMatch(life -> life.matches("[0-9a-f]{64}@.+")) ? named : List.of();
    }

    /** The container of a life, by its identity. */
    static String containerOf(String identity) {
        return identity.substring(0, 64);
    }

    String identity() {
        return container + "@" + startedAt + "/" + restarts;
    }

    URI address() {
        return URI.create(label(Mark.ADDRESS));
    }

    /** Among the containers of its deployment, from 1. */
    int number() {
        String number = label(REPLICA);
        return number.isEmpty() ? 1 : Integer.parseInt(number);
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
