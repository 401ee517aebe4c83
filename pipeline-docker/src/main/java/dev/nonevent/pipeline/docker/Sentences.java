package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;

/** What is said about a command in a container that did not go its way. */
final class Sentences {

    /** What it printed from here on until the next line is not known to be all. */
    static final String LINES_MAY_BE_MISSING = "(the connection to the engine broke: lines may be missing here)";

    static final String END_MAY_BE_MISSING = "(the end of this output may be missing)";

    private Sentences() {}

    static CommandTimedOutException tookTooLong(Command command, String image) {
        return new CommandTimedOutException(command.line() + " took longer than "
                + words(command.timeout().orElseThrow()) + " in " + image + " and was stopped");
    }

    static InfrastructureException cannotStart(Command command, String image, String reason) {
        return new InfrastructureException(command.argv().get(0) + " cannot be started in " + image + " (" + reason
                + "): is it installed in that image?");
    }

    static InfrastructureException noDirectory(Command command, String image) {
        return new InfrastructureException(command.argv().get(0) + " cannot be started in " + image
                + ": there is no directory " + command.directory() + ", make it before");
    }

    /** The engine cannot be asked any more. */
    static String wentAway(Command command, Container container) {
        return "the Docker engine at " + container.engine().address() + " went away while " + command.line()
                + " ran in container " + container.shortId() + ": how it ended and what it printed is unknown";
    }

    /** The engine is there, but the connection on which it sent the output is not. */
    static String cutOff(Command command, Container container) {
        return "the connection to the Docker engine at " + container.engine().address() + " broke while "
                + command.line() + " ran in container " + container.shortId()
                + ", which is removed: how it would have ended is unknown";
    }

    /** The output of a stage's container ended without a word of its shell. */
    static RuntimeException neverReady(String image, ContainerState state, String said) {
        long exitCode = state.getExitCodeLong() == null ? -1 : state.getExitCodeLong();
        if (exitCode == 127 || exitCode == 126) {
            return new ShellMissingException(image);
        }
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            return new InfrastructureException("a container of " + image
                    + " was killed for want of memory before its first command: give it more with memoryMib");
        }
        return new InfrastructureException("a container of " + image + " was not ready when its output ended (it is "
                + state.getStatus() + ", exit code " + exitCode + "): "
                + (said.isEmpty() ? "see the engine's log" : said));
    }

    /** It had its container taken away from under it. */
    static InfrastructureException died(Command command, Container container, ContainerState state) {
        return new InfrastructureException("container " + container.shortId() + " ended under " + command.line()
                + " and not by its doing (exit code " + state.getExitCodeLong()
                + "): somebody stopped it, or the Docker engine at "
                + container.engine().address() + " was restarted");
    }

    /** It was there for the commands before, and is not for this one, which has not begun. */
    static InfrastructureException gone(Command command, Container container) {
        return new InfrastructureException("container " + container.shortId() + " ended before " + command.line()
                + " could run in it: somebody stopped it, or the Docker engine at "
                + container.engine().address() + " was restarted");
    }

    /** It was asked to end from outside, and has ended. */
    static InfrastructureException askedToEnd(Command command, Container container, int exitCode) {
        return new InfrastructureException("container " + container.shortId() + " was asked to end while "
                + command.line() + " ran in it (exit code " + exitCode
                + "): somebody stops it, or the Docker engine at "
                + container.engine().address() + " ends");
    }

    /** It was ended with its container, which then began anew. */
    static InfrastructureException startedAgain(Command command, Container container) {
        return new InfrastructureException("container " + container.shortId() + " was started again under "
                + command.line() + ", which ended with the first: somebody restarted it at "
                + container.engine().address() + ", and how it would have ended is unknown");
    }

    /** A line for its output, when the kernel killed for want of memory. */
    static String outOfMemory(int exitCode, Surroundings surroundings) {
        String limit = surroundings.memory.isPresent()
                ? "its limit of " + (surroundings.memory.getAsLong() >> 20) + " MiB"
                : "the engine's memory";
        String who = exitCode == 137 ? "it needed more than " : "a process it started needed more than ";
        return "out of memory: " + who + limit + ", and was killed";
    }

    private static String words(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
