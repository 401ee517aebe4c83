package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskState;
import com.github.dockerjava.api.model.TaskStatus;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One task of a service: a container on a node from its start to its end. One that is started again is another.
 *
 * @param wanted what Swarm wants of it: one that is not wanted may still be there
 * @param host the node's address; empty if none was found for it yet
 * @param error why it is not further; empty if nothing is wrong
 */
record Replica(String task, int slot, TaskState state, TaskState wanted, String node, String host, String error) {

    private static final int SHORT = 12;

    static Replica of(Task task, Map<String, String> hosts) {
        TaskStatus status = Objects.requireNonNullElseGet(task.getStatus(), TaskStatus::new);
        String node = text(task.getNodeId());
        return new Replica(
                text(task.getId()),
                Objects.requireNonNullElse(task.getSlot(), 0),
                Objects.requireNonNullElse(status.getState(), TaskState.NEW),
                Objects.requireNonNullElse(task.getDesiredState(), TaskState.RUNNING),
                node,
                hosts.getOrDefault(node, ""),
                text(status.getErr()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Enough of it to be no other's. */
    String shortened() {
        return task.substring(0, Math.min(SHORT, task.length()));
    }

    /** Its container runs, and has said that it is healthy if its image has a health check. */
    boolean isAlive() {
        return wanted == TaskState.RUNNING && state == TaskState.RUNNING;
    }

    /** Swarm is about to start it. */
    boolean isComing() {
        return (wanted == TaskState.RUNNING || wanted == TaskState.READY) && state.compareTo(TaskState.RUNNING) < 0;
    }

    /** It ran, and ended by itself. */
    boolean hasEnded() {
        return state == TaskState.COMPLETE || (state == TaskState.FAILED && !isRejected());
    }

    /** It did not come to run: no image, no such program, its port taken. */
    boolean isRejected() {
        return state == TaskState.REJECTED
                || (state == TaskState.FAILED && error.startsWith("starting container failed"));
    }

    /** No node may have it, or has room. */
    boolean isNowhere() {
        return isComing() && node.isEmpty() && !error.isEmpty();
    }

    /** Its node has something else on the port. */
    boolean isPortTaken() {
        return error.contains("port is already allocated") || error.contains("address already in use");
    }
}
