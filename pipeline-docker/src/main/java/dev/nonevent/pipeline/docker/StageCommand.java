package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Frame;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Exec;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.docker.engine.Waiting;
import dev.nonevent.pipeline.docker.inside.EndMark;
import dev.nonevent.pipeline.docker.inside.Printed;
import dev.nonevent.pipeline.docker.inside.ShellWords;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command in the container of its stage, from its start to nothing left of it. Used once.
 *
 * <p>Its end and its exit code are the engine's record, never the end of a stream; its output is complete if the shell
 * around it had the last word. An engine ends a program whose connection breaks, and forgets how it ended; that is no
 * failure of the command.
 */
final class StageCommand {

    private static final Logger LOG = LoggerFactory.getLogger(StageCommand.class);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    /** The record may lag that long behind the end of the stream; beyond it, the stream broke. */
    private static final Duration LAG = Duration.ofSeconds(2);
    /** What an engine records of a program whose connection it has lost, whatever becomes of it. */
    private static final int NEVER_ATTACHED = 126;

    private final Container container;
    private final String startedAt;
    private final Creation creation;
    private final Command command;
    private final TimeSource time;
    private final Printed printed;
    private final EndMark mark;
    private final Streamed<Frame> frames = new Streamed<>(this::take);
    private long begun;
    private boolean mayStay;

    /** @param startedAt when the engine started the container: one that was started again is another */
    StageCommand(
            Container container,
            String startedAt,
            Creation creation,
            Command command,
            CommandOutput output,
            TimeSource time) {
        this.container = container;
        this.startedAt = startedAt;
        this.creation = creation;
        this.command = command;
        this.time = time;
        this.printed = new Printed(output, true);
        this.mark = new EndMark(printed::say);
    }

    /** Whether its container is good for the next command: it is certain that nothing of this one is alive in it. */
    boolean containerMayStay() {
        return mayStay;
    }

    CommandResult run() throws InterruptedException {
        Exec exec = container.exec(
                ShellWords.around(mark.word(), command.argv()),
                creation.user(),
                command.directory(),
                creation.environment(command));
        try (frames) {
            Instant startedAt = time.now();
            begun = time.nanos();
            exec.start(frames);
            int exitCode = awaitEnd(exec).orElseThrow(this::cutOff);
            Duration took = Duration.ofNanos(time.nanos() - begun);
            mark.end();
            refuseIfNotStarted(exitCode);
            settle(exitCode);
            return new CommandResult(
                    command.argv(), exitCode, command.directory(), startedAt, took, printed.lastLines());
        }
    }

    private void take(Frame frame) {
        // docker-java hands out its own buffer and fills it again.
        byte[] bytes = frame.getPayload().clone();
        if (printed.isComplaint(frame)) {
            printed.complain(bytes);
        } else {
            mark.write(bytes);
        }
    }

    private OptionalInt awaitEnd(Exec exec) throws InterruptedException {
        try {
            awaitStream();
            return awaitRecord(exec);
        } catch (TimeoutException late) {
            stop();
            throw Sentences.tookTooLong(command, creation.image());
        } catch (InterruptedException e) {
            stop();
            throw e;
        } catch (ExecutionException spoiled) {
            stop();
            throw spoiled.getCause() instanceof RuntimeException thrown
                    ? thrown
                    : new InfrastructureException(Sentences.wentAway(command, container), spoiled);
        } catch (EngineRefusedException refused) {
            throw refused;
        } catch (InfrastructureException away) {
            throw new InfrastructureException(
                    Sentences.wentAway(command, container) + " (" + away.getMessage() + ")", away);
        }
    }

    /** @throws ExecutionException with what the receiver of the output threw */
    private void awaitStream() throws InterruptedException, TimeoutException, ExecutionException {
        CompletableFuture<Object> over = CompletableFuture.anyOf(frames.ended(), frames.spoiled());
        try (Pulse pulse = Pulse.of(container.engine(), Pulse.USUAL, frames)) {
            if (command.timeout().isPresent()) {
                over.get(left().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                over.get();
            }
        } catch (ExecutionException broken) {
            if (frames.spoiled().isDone()) {
                throw broken;
            }
            // A stream that breaks says nothing about the command: the record is asked.
        }
    }

    /** Empty if the stream has ended and the command has not: their connection broke. */
    private OptionalInt awaitRecord(Exec exec) {
        try (Waiting waiting = new Waiting(time, LAG)) {
            OptionalInt exitCode = exec.exitCode();
            while (exitCode.isEmpty() && !waiting.isOver()) {
                exitCode = exec.exitCode();
            }
            boolean ours = exitCode.isPresent() && exitCode.getAsInt() == NEVER_ATTACHED;
            return ours && !mark.wasSeen() && printed.complaint().isEmpty() ? OptionalInt.empty() : exitCode;
        }
    }

    private Duration left() {
        Duration left = command.timeout().orElseThrow().minusNanos(time.nanos() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private InfrastructureException cutOff() {
        stop();
        return new InfrastructureException(Sentences.cutOff(command, container));
    }

    /** The shell could not start what it was given, and says so where only it speaks. */
    private void refuseIfNotStarted(int exitCode) {
        boolean never = (exitCode == 127 || exitCode == 126)
                && !mark.wasSeen()
                && !printed.complaint().isEmpty();
        if (never) {
            mayStay = true;
            throw Sentences.cannotStart(command, creation.image(), printed.complaint());
        }
    }

    /** What the container says about the end. */
    private void settle(int exitCode) {
        mayStay = mark.wasSeen();
        if (!mayStay) {
            // The shell around it could not say its last word; what it did say is why.
            printed.sayComplaint();
            printed.note(Sentences.END_MAY_BE_MISSING);
            mayStay = sweep();
        }
        ContainerState state = stateAtTheEnd();
        boolean memory = mark.number() > 0 || Boolean.TRUE.equals(state.getOOMKilled());
        if (memory) {
            printed.note(Sentences.outOfMemory(exitCode, creation.surroundings()));
        }
        if (!mark.wasSeen() && !startedAt.equals(state.getStartedAt())) {
            mayStay = false;
            throw Sentences.startedAgain(command, container);
        }
        if (!Boolean.TRUE.equals(state.getRunning())) {
            mayStay = false;
            if (!memory) {
                throw Sentences.died(command, container, state);
            }
        }
    }

    /** Looked at for a moment if the shell around the command is gone as well: its container may be dying. */
    private ContainerState stateAtTheEnd() {
        try (Waiting waiting = new Waiting(time, mayStay ? Duration.ZERO : LAG)) {
            ContainerState state = container.state();
            while (Boolean.TRUE.equals(state.getRunning()) && !waiting.isOver()) {
                state = container.state();
            }
            return state;
        }
    }

    /**
     * Asks all it started to end, waits for the grace, kills, and takes the last words. An interrupt does not hurry it.
     * What cannot be stopped here loses its container, which says what is left.
     */
    private void stop() {
        try {
            helper(ShellWords.ask());
            boolean ended = ends(frames, creation.surroundings().grace);
            mayStay = (ended && mark.wasSeen()) || sweep();
            if (mayStay) {
                ends(frames, SILENCE);
            }
            frames.close();
            mark.end();
        } catch (InfrastructureException e) {
            LOG.warn(
                    "{} could not be stopped by itself, its container is removed: {}",
                    command.argv().get(0),
                    e.getMessage());
        }
    }

    private boolean sweep() {
        try {
            return helper(ShellWords.sweep());
        } catch (InfrastructureException e) {
            LOG.debug("what {} left cannot be ended by itself", command.argv().get(0), e);
            return false;
        }
    }

    /** Whether these words of the shell were carried out to their end. */
    private boolean helper(List<String> argv) {
        Exec exec = container.exec(argv, creation.user(), Path.of("/"), List.of());
        try (Streamed<Frame> silent = new Streamed<>(frame -> {})) {
            exec.start(silent);
            if (!ends(silent, Engine.ANSWER)) {
                return false;
            }
        }
        OptionalInt exitCode = awaitRecord(exec);
        return exitCode.isPresent() && exitCode.getAsInt() == 0;
    }

    /** Whether nothing more comes, after this long at most. */
    private static boolean ends(Streamed<?> stream, Duration limit) {
        try {
            Uninterruptibles.getUninterruptibly(stream.ended(), limit);
            return true;
        } catch (ExecutionException | TimeoutException brokenOrNotYet) {
            return false;
        }
    }
}
