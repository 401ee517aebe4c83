package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.LastLines;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running container that waits for the commands of a stage, with the connection they are sent on. One command at a time. */
final class StageContainer {

    private final Visit visit;
    private final Container container;
    private final String startedAt;
    private final TimeSource time;
    private volatile boolean mayStay = true;

    private StageContainer(Visit visit, Container container, String startedAt, TimeSource time) {
        this.visit = visit;
        this.container = container;
        this.startedAt = startedAt;
        this.time = time;
    }

    /**
     * Running when this returns; if it throws, there is none.
     *
     * @throws ShellMissingException if the image has no shell to wait in
     */
    static StageContainer start(Visit visit, TimeSource time) throws InterruptedException {
        try {
            Container container = visit.creation().idle();
            String startedAt;
            try {
                awaitReady(container, visit.creation().image());
                startedAt = String.valueOf(container.state().getStartedAt());
            } catch (InterruptedException e) {
                throw container.removedAfter(e, InterruptedException::new);
            } catch (ShellMissingException e) {
                container.remove();
                throw e;
            } catch (InfrastructureException e) {
                throw container.removedAfter(e, InfrastructureException::new);
            }
            return new StageContainer(visit, container, startedAt, time);
        } catch (InterruptedException | RuntimeException e) {
            visit.close();
            throw e;
        }
    }

    /** Its shell says so; without one, the container has exited at once. */
    private static void awaitReady(Container container, String image) throws InterruptedException {
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        LastLines complaint = new LastLines();
        try (Streamed<Frame> words = new Streamed<>(frame -> {
            // Without a shell, the init process complains on the other output.
            if (frame.getStreamType() == StreamType.STDOUT) {
                ready.complete(true);
            } else {
                complaint.write(frame.getPayload().clone());
            }
        })) {
            container.attach(words);
            words.begun().get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
            container.start();
            CompletableFuture.anyOf(ready, words.ended()).get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException broken) {
            throw container.engine().explained("waiting for container " + container.shortId(), broken);
        } catch (TimeoutException silent) {
            throw new InfrastructureException(
                    "container " + container.shortId() + " of " + image + " was not ready within "
                            + Engine.ANSWER.toSeconds() + " s: see the engine's log",
                    silent);
        }
        if (!ready.isDone()) {
            throw neverReady(
                    container, image, String.join(" ", complaint.toList()).strip());
        }
    }

    /** Its output has ended without a word of its shell. */
    private static RuntimeException neverReady(Container container, String image, String said) {
        ContainerState state = container.state();
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

    /** @throws InterruptedException if the thread is interrupted; the command has been stopped */
    CommandResult run(Command command, CommandOutput output) throws InterruptedException {
        StageCommand running = new StageCommand(container, startedAt, visit.creation(), command, output, time);
        mayStay = false;
        try {
            return running.run();
        } finally {
            mayStay = running.containerMayStay();
        }
    }

    /** Whether it is good for another command. */
    boolean mayStay() {
        return mayStay;
    }

    void kill() {
        container.signal("KILL");
    }

    void remove() {
        try (visit) {
            container.remove();
        }
    }
}
