package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.EngineRefusedException;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.inside.Order;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One command in the container of its stage, from its start to nothing left of it. Used once.
 *
 * <p>Its end and its exit code are what the shell around it said last, after nothing else was left to say anything. Without
 * that word only the engine's record counts, never the end of a stream.
 */
final class StageCommand {

    private static final Logger LOG = LoggerFactory.getLogger(StageCommand.class);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    /** The record may lag that long behind the end of the stream; beyond it, the stream broke. */
    private static final Duration LAG = Duration.ofSeconds(2);

    private final Container container;
    private final Creation creation;
    private final Command command;
    private final TimeSource time;
    private final Answer answer;
    private final byte[] order;
    private int signals;
    private long begun;
    private boolean mayStay = true;

    /** @param signals how often we had the container signalled before */
    StageCommand(
            Container container,
            Creation creation,
            Command command,
            CommandOutput output,
            TimeSource time,
            int signals) {
        this.container = container;
        this.creation = creation;
        this.command = command;
        this.time = time;
        this.signals = signals;
        this.answer = new Answer(output);
        this.order = Order.run(answer.mark(), command.argv(), command.directory(), command.environment());
    }

    /** Whether its container is good for the next command: it is certain that nothing of this one is alive in it. */
    boolean containerMayStay() {
        return mayStay;
    }

    /** How often we have had the container signalled until now. */
    int signals() {
        return signals;
    }

    /** In a container that has not been started yet, and finds it there. */
    CommandResult runAsTheFirst(Attached shell) throws InterruptedException {
        Instant startedAt = ordered(shell);
        container.start();
        shell.followToItsEnd();
        awaitReady(shell);
        return ended(shell, startedAt);
    }

    CommandResult run(Attached shell) throws InterruptedException {
        return ended(shell, ordered(shell));
    }

    private Instant ordered(Attached shell) {
        mayStay = false;
        Instant now = time.now();
        shell.listen(answer);
        shell.say(order);
        return now;
    }

    /** Its shell says so; without one, the container has exited at once. */
    private void awaitReady(Attached shell) throws InterruptedException {
        try {
            CompletableFuture.anyOf(shell.ready(), shell.ended()).get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException broken) {
            throw container.engine().explained("waiting for container " + container.shortId(), broken);
        } catch (TimeoutException silent) {
            throw new InfrastructureException(
                    "container " + container.shortId() + " of " + creation.image() + " was not ready within "
                            + Engine.ANSWER.toSeconds() + " s: see the engine's log",
                    silent);
        }
        if (!shell.ready().isDone()) {
            throw Sentences.neverReady(creation.image(), stateAtTheEnd(shell), answer.complaint());
        }
    }

    private CommandResult ended(Attached shell, Instant startedAt) throws InterruptedException {
        begun = time.nanos();
        int exitCode;
        Duration took;
        try {
            awaitEnd(shell);
            took = Duration.ofNanos(time.nanos() - begun);
            exitCode = answer.isComplete() ? settled(shell) : lost(shell);
        } catch (TimeoutException late) {
            stop(shell);
            throw Sentences.tookTooLong(command, creation.image());
        } catch (InterruptedException e) {
            stop(shell);
            throw e;
        } catch (ExecutionException spoiled) {
            stop(shell);
            throw spoiled.getCause() instanceof RuntimeException thrown
                    ? thrown
                    : new InfrastructureException(Sentences.wentAway(command, container), spoiled);
        }
        return new CommandResult(command.argv(), exitCode, command.directory(), startedAt, took, answer.lastLines());
    }

    /** @throws ExecutionException with what the receiver of the output threw */
    private void awaitEnd(Attached shell) throws InterruptedException, TimeoutException, ExecutionException {
        CompletableFuture<Object> over = CompletableFuture.anyOf(answer.complete(), answer.spoiled(), shell.ended());
        if (!over.isDone()) {
            try (Pulse pulse = Pulse.of(container.engine(), Pulse.USUAL, shell.output())) {
                if (command.timeout().isPresent()) {
                    over.get(left().toNanos(), TimeUnit.NANOSECONDS);
                } else {
                    over.get();
                }
            } catch (ExecutionException broken) {
                // A stream that breaks says nothing about the command: the record is asked.
                LOG.debug("the output of {} cannot be read on", command.argv().get(0), broken);
            }
        }
        if (answer.spoiled().isDone()) {
            answer.spoiled().get();
        }
    }

    private Duration left() {
        Duration left = command.timeout().orElseThrow().minusNanos(time.nanos() - begun);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** The shell around it has had the last word. */
    private int settled(Attached shell) throws InterruptedException {
        int exitCode = answer.exitCode();
        mayStay = true;
        answer.neverBegan().ifPresent(reason -> {
            throw Files.isDirectory(command.directory())
                    ? Sentences.cannotStart(command, creation.image(), reason)
                    : Sentences.noDirectory(command, creation.image());
        });
        if (answer.kills() > 0) {
            answer.note(Sentences.outOfMemory(exitCode, creation.surroundings()));
        }
        // The command may have asked itself, and all there is with it.
        if (answer.wasAskedToEnd()
                && (container.timesSignalled() > signals || shell.ended().isDone())) {
            mayStay = false;
            throw Sentences.askedToEnd(command, container, exitCode);
        }
        return exitCode;
    }

    /** The shell around it could not say its last word. */
    private int lost(Attached shell) throws InterruptedException {
        ContainerState state;
        boolean signalled;
        try {
            state = stateAtTheEnd(shell);
            signalled = !Boolean.TRUE.equals(state.getRunning()) && container.wasSignalled(state, signals);
        } catch (EngineRefusedException refused) {
            throw refused;
        } catch (InfrastructureException away) {
            throw new InfrastructureException(
                    Sentences.wentAway(command, container) + " (" + away.getMessage() + ")", away);
        }
        if (Boolean.TRUE.equals(state.getRunning())) {
            throw shell.hasExited()
                    ? Sentences.startedAgain(command, container)
                    : new InfrastructureException(Sentences.cutOff(command, container));
        }
        answer.end();
        answer.note(Sentences.END_MAY_BE_MISSING);
        int exitCode = Math.toIntExact(state.getExitCodeLong());
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            answer.note(Sentences.outOfMemory(exitCode, creation.surroundings()));
        } else if (signalled || !shell.hasExited() || exitCode <= 128) {
            throw Sentences.died(command, container, state);
        }
        // It has killed the shell around it, and its container with it.
        return exitCode;
    }

    /** Waited for a moment: the record may lag behind the stream. */
    private ContainerState stateAtTheEnd(Attached shell) {
        ends(shell.exit(), LAG);
        return container.state();
    }

    /**
     * Asks all that belongs to it to end, waits for the grace, kills it with its container, and takes the last words. An
     * interrupt does not hurry it. What cannot be stopped here meets the removal, which says what is left.
     */
    private void stop(Attached shell) {
        mayStay = false;
        try {
            signals++;
            container.signal("TERM");
            if (ends(answer.complete(), creation.surroundings().grace)) {
                // If it was heard before the end, it cannot be heard after it.
                mayStay = answer.wasAskedToEnd();
            } else {
                container.signal("KILL");
                ends(shell.ended(), SILENCE);
            }
            answer.end();
        } catch (InfrastructureException e) {
            LOG.warn(
                    "{} could not be stopped by itself, its container is removed: {}",
                    command.argv().get(0),
                    e.getMessage());
        }
    }

    /** Whether it is over, after this long at most. */
    private static boolean ends(CompletableFuture<Void> something, Duration limit) {
        try {
            Uninterruptibles.getUninterruptibly(something, limit);
            return true;
        } catch (ExecutionException | TimeoutException brokenOrNotYet) {
            return false;
        }
    }
}
