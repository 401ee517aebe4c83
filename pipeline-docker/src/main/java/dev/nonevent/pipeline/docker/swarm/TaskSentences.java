package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.TaskStatus;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;

/** What is said about a command in a task of Swarm that did not go its way. */
final class TaskSentences {

    static final String END_MAY_BE_MISSING = "(the end of this output may be missing)";

    private final Command command;
    private final TaskShape shape;

    TaskSentences(Command command, TaskShape shape) {
        this.command = command;
        this.shape = shape;
    }

    CommandTimedOutException tookTooLong() {
        return new CommandTimedOutException(command.line() + " took longer than "
                + words(command.timeout().orElseThrow()) + " in a task of " + shape.image + " and was stopped");
    }

    InfrastructureException notPlaced(String status) {
        String here = shape.anywhere
                ? ""
                : " (it has to be this node, which has the workspace: workspaceOnEveryNode() says that others have it too)";
        return new InfrastructureException("Swarm had no node for " + command.line() + " within "
                + words(shape.placedWithin) + ": " + status + here);
    }

    InfrastructureException notPrepared(TaskStatus status, Duration limit) {
        return new InfrastructureException("the task of " + command.line() + " was not started within " + words(limit)
                + " of being given to a node: " + said(status));
    }

    /** Swarm's own words say why. */
    InfrastructureException neverRan(TaskStatus status) {
        return new InfrastructureException("Swarm could not start the task of " + command.line() + " in " + shape.image
                + " (" + status.getState() + "): " + said(status));
    }

    InfrastructureException cannotStart(String reason) {
        return new InfrastructureException(command.argv().get(0) + " cannot be started in " + shape.image + " ("
                + reason + "): is it installed in that image?");
    }

    InfrastructureException shellMissing() {
        return new InfrastructureException(
                "image " + shape.image + " has no /bin/sh, which a task of Swarm needs to say"
                        + " that its output is complete: use an image with one, or DockerExecutor");
    }

    /** It had its task taken away from under it. */
    InfrastructureException died(TaskStatus status, String node) {
        return new InfrastructureException("the task of " + command.line() + " ended on node " + node
                + " and not by its doing (" + status.getState() + ": " + said(status)
                + "): somebody stopped it, or the Docker engine there was restarted");
    }

    InfrastructureException nodeLost(String node) {
        return new InfrastructureException("node " + node + " of the swarm is down while it ran " + command.line()
                + ": how that ended is unknown, and it may go on there until the node is back");
    }

    InfrastructureException serviceGone() {
        return new InfrastructureException(
                "somebody removed the service of " + command.line() + " under it: how it would have ended is unknown");
    }

    InfrastructureException wentAway(InfrastructureException why) {
        return new InfrastructureException(
                "the swarm could not be asked any more while " + command.line()
                        + " ran: how it ended and what it printed is unknown (" + why.getMessage() + ")",
                why);
    }

    InfrastructureException sessionClosed() {
        return new InfrastructureException(command.line() + " was stopped because its session was closed");
    }

    /** A line for its output, when the kernel killed for want of memory. */
    String outOfMemory(int exitCode) {
        String limit = shape.memory.isPresent()
                ? "its limit of " + (shape.memory.getAsLong() >> 20) + " MiB"
                : "its node's memory";
        String who = exitCode == 137 ? "it needed more than " : "a process it started needed more than ";
        return "out of memory: " + who + limit + ", and was killed";
    }

    static String said(TaskStatus status) {
        String error = status.getErr();
        return error == null || error.isBlank() ? String.valueOf(status.getMessage()) : error;
    }

    private static String words(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
