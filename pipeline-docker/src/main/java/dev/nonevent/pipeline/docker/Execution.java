package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.WaitResponse;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.docker.engine.Waiting;
import dev.nonevent.pipeline.docker.inside.Printed;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command in a container of its own, from the start to nothing left. Used once. */
final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    /** So long an engine that went away is waited for: its restart takes some seconds. */
    private static final Duration RESTART = Duration.ofSeconds(15);

    private static final Pattern NOT_STARTED = Pattern.compile("\\[FATAL tini \\(\\d+\\)\\] exec (.*) failed: (.*)");

    private final Container container;
    private final Command command;
    private final Surroundings surroundings;
    private final TimeSource time;
    private final boolean shell;
    private final Printed printed;
    private long begun;
    private boolean cutOff;

    /** @param shell whether both outputs come as one, and the other holds only what kept the command from starting */
    Execution(
            Container container,
            Command command,
            Surroundings surroundings,
            boolean shell,
            CommandOutput output,
            TimeSource time) {
        this.container = container;
        this.command = command;
        this.surroundings = surroundings;
        this.shell = shell;
        this.printed = new Printed(output, shell);
        this.time = time;
    }

    /** Carries it out and removes the container, however it ends. */
    CommandResult run() throws InterruptedException {
        CommandResult result;
        try {
            result = carryOut();
        } catch (InterruptedException e) {
            throw container.removedAfter(e, InterruptedException::new);
        } catch (RuntimeException e) {
            throw container.removedAfter(e, InfrastructureException::new);
        }
        container.remove();
        return result;
    }

    private CommandResult carryOut() throws InterruptedException {
        Following first = attached();
        Instant startedAt = time.now();
        begun = time.nanos();
        ContainerState state = followed(first);
        Duration took = Duration.ofNanos(time.nanos() - begun);
        int exitCode = Math.toIntExact(state.getExitCodeLong());
        refuseIfNotStarted(exitCode);
        printed.sayComplaint();
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            printed.note(Sentences.outOfMemory(exitCode, surroundings));
        } else if (exitCode > 128 && (cutOff || container.wasSignalled(state))) {
            throw Sentences.died(command, container, state);
        }
        return new CommandResult(command.argv(), exitCode, command.directory(), startedAt, took, printed.lastLines());
    }

    /** Starts it, and follows it to its end, over as many connections as it takes. */
    private ContainerState followed(Following first) throws InterruptedException {
        try (first) {
            container.start();
            container.awaitExit(first.exit);
            awaitEnd(first);
            if (first.exited.get()) {
                awaitOutput(first);
                return stateAtTheEnd();
            }
        }
        cutOff = true;
        while (true) {
            printed.note(Sentences.LINES_MAY_BE_MISSING);
            try (Following again = attachedAgain()) {
                ContainerState state = container.state();
                if (!Boolean.TRUE.equals(state.getRunning())) {
                    return state;
                }
                awaitEnd(again);
                if (again.exited.get()) {
                    awaitOutput(again);
                    return stateAtTheEnd();
                }
            }
        }
    }

    private Following attached() throws InterruptedException {
        Following following = new Following();
        try {
            container.attach(following.frames);
            engineAnswers(following.frames.begun(), "attaching to");
            return following;
        } catch (InterruptedException | RuntimeException e) {
            following.close();
            throw e;
        }
    }

    /** As soon as the engine is back, if it comes back. */
    private Following attachedAgain() throws InterruptedException {
        try (Waiting waiting = new Waiting(time, RESTART)) {
            while (true) {
                Following following = new Following();
                try {
                    container.state();
                    container.attach(following.frames);
                    container.awaitExit(following.exit);
                    return following;
                } catch (InfrastructureException away) {
                    following.close();
                    if (waiting.isOver()) {
                        throw new InfrastructureException(Sentences.wentAway(command, container), away);
                    }
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException(command.line() + " was interrupted while its engine was away");
                }
            }
        }
    }

    private void take(Frame frame) {
        // docker-java hands out its own buffer and fills it again.
        byte[] bytes = frame.getPayload().clone();
        if (printed.isComplaint(frame)) {
            printed.complain(bytes);
        } else {
            printed.say(bytes);
        }
    }

    private void awaitEnd(Following following) throws InterruptedException {
        CompletableFuture<Object> over = CompletableFuture.anyOf(following.exit.ended(), following.frames.spoiled());
        try (Pulse pulse = Pulse.of(container.engine(), Pulse.USUAL, following.exit)) {
            if (command.timeout().isPresent()) {
                over.get(Math.max(0, left().toNanos()), TimeUnit.NANOSECONDS);
            } else {
                over.get();
            }
        } catch (TimeoutException late) {
            stop(following);
            throw Sentences.tookTooLong(command, surroundings.image);
        } catch (InterruptedException e) {
            stop(following);
            throw e;
        } catch (ExecutionException failed) {
            if (following.frames.spoiled().isDone()) {
                stop(following);
                throw failed.getCause() instanceof RuntimeException spoiled
                        ? spoiled
                        : new InfrastructureException(Sentences.wentAway(command, container), failed);
            }
            // A stream that breaks says nothing about the command: it is followed again.
        }
    }

    private Duration left() {
        return command.timeout().orElseThrow().minusNanos(time.nanos() - begun);
    }

    /**
     * Asks, waits for the grace, kills, and takes the last words. An interrupt does not hurry it. What cannot be stopped
     * here meets the removal, which kills as well and says what is left.
     */
    private void stop(Following following) {
        try {
            container.signal("TERM");
            if (!endsWithin(surroundings.grace, following.exit)) {
                container.signal("KILL");
                endsWithin(Engine.ANSWER, following.exit);
            }
            endsWithin(SILENCE, following.frames);
        } catch (InfrastructureException e) {
            LOG.warn(
                    "{} could not be stopped, its container is removed now: {}",
                    command.argv().get(0),
                    e.getMessage());
        }
    }

    private static boolean endsWithin(Duration limit, Streamed<?> stream) {
        try {
            Uninterruptibles.getUninterruptibly(stream.ended(), limit);
            return true;
        } catch (ExecutionException broken) {
            return false;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    /** The process has ended, and with it every writer: what is under way arrives now, or the engine has lost it. */
    private void awaitOutput(Following following) throws InterruptedException {
        Streamed<Frame> frames = following.frames;
        while (!frames.ended().isDone()) {
            long before = frames.items();
            try {
                frames.ended().get(SILENCE.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException silent) {
                if (frames.items() == before) {
                    throw new InfrastructureException(
                            "the end of the output of " + command.line() + " did not arrive within "
                                    + SILENCE.toSeconds() + " s of its exit: it is incomplete",
                            silent);
                }
            } catch (ExecutionException broken) {
                throw frames.spoiled().isDone() && broken.getCause() instanceof RuntimeException spoiled
                        ? spoiled
                        : container.engine().explained("taking the output of " + command.line(), broken);
            }
        }
    }

    /** Only the engine's own record is evidence of an end; a stream that stops is not. */
    private ContainerState stateAtTheEnd() {
        ContainerState state = container.state();
        if (Boolean.TRUE.equals(state.getRunning()) || state.getExitCodeLong() == null) {
            throw new InfrastructureException(
                    "container " + container.shortId() + " was reported to have ended, but it is " + state.getStatus());
        }
        return state;
    }

    /** The init process and the shell say in their own words that they could not start what they were given. */
    private void refuseIfNotStarted(int exitCode) {
        if (exitCode != 127 && exitCode != 126) {
            return;
        }
        String said = shell
                ? printed.complaint()
                : String.join(" ", printed.lastLines()).strip();
        Matcher init = NOT_STARTED.matcher(said);
        if (shell && init.matches() && init.group(1).equals("/bin/sh")) {
            throw new ShellMissingException(surroundings.image);
        }
        if (shell
                ? !said.isEmpty()
                : init.matches() && init.group(1).equals(command.argv().get(0))) {
            throw Sentences.cannotStart(command, surroundings.image, init.matches() ? init.group(2) : said);
        }
    }

    private void engineAnswers(CompletableFuture<Void> answer, String doing) throws InterruptedException {
        try {
            answer.get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw container.engine().explained(doing + " container " + container.shortId(), e);
        } catch (TimeoutException e) {
            throw new InfrastructureException(
                    "the Docker engine at " + container.engine().address() + " did not answer within "
                            + Engine.ANSWER.toSeconds() + " s while " + doing + " container " + container.shortId(),
                    e);
        }
    }

    /** Its output and its end, on one pair of connections. */
    private final class Following implements AutoCloseable {

        private final Streamed<Frame> frames = new Streamed<>(Execution.this::take);
        private final AtomicBoolean exited = new AtomicBoolean();
        private final Streamed<WaitResponse> exit = new Streamed<>(answer -> exited.set(true));

        @Override
        public void close() {
            frames.close();
            exit.close();
        }
    }
}
