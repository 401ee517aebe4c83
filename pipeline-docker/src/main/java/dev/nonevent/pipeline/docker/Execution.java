package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.WaitResponse;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.executor.Command;
import dev.nonevent.pipeline.executor.CommandOutput;
import dev.nonevent.pipeline.executor.CommandResult;
import dev.nonevent.pipeline.executor.CommandTimedOutException;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

/** One command in its container, from the start to nothing left. Used once. */
final class Execution {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Pattern NOT_STARTED = Pattern.compile("\\[FATAL tini \\(\\d+\\)\\] exec (.*) failed: (.*)");
    private static final int LONGEST_COMPLAINT = 8192;

    private final Container container;
    private final Command command;
    private final Surroundings surroundings;
    private final TimeSource time;
    private final boolean shell;
    private final LastLines lastLines = new LastLines();
    private final ByteArrayOutputStream complaint = new ByteArrayOutputStream();
    private final AtomicBoolean exited = new AtomicBoolean();

    /** @param shell whether both outputs come as one, and the other holds only what kept the command from starting */
    Execution(Container container, Command command, Surroundings surroundings, boolean shell, TimeSource time) {
        this.container = container;
        this.command = command;
        this.surroundings = surroundings;
        this.shell = shell;
        this.time = time;
    }

    /** Carries it out and removes the container, however it ends. */
    CommandResult run(CommandOutput output) throws InterruptedException {
        CommandResult result;
        try {
            result = carryOut(output);
        } catch (InterruptedException e) {
            throw container.removedAfter(e, InterruptedException::new);
        } catch (RuntimeException e) {
            throw container.removedAfter(e, InfrastructureException::new);
        }
        container.remove();
        return result;
    }

    private CommandResult carryOut(CommandOutput output) throws InterruptedException {
        Streamed<Frame> frames = new Streamed<>(frame -> take(frame, output));
        Streamed<WaitResponse> exit = new Streamed<>(answer -> exited.set(true));
        try (frames;
                exit) {
            container.attach(frames);
            engineAnswers(frames.begun(), "attaching to");
            Instant startedAt = time.now();
            long start = time.nanos();
            container.start();
            container.awaitExit(exit);
            awaitEnd(frames, exit);
            Duration took = Duration.ofNanos(time.nanos() - start);
            awaitOutput(frames);
            ContainerState state = stateAtTheEnd();
            int exitCode = Math.toIntExact(state.getExitCodeLong());
            refuseIfNotStarted(exitCode);
            say(complaint.toByteArray(), output);
            nameMemory(state, output);
            return new CommandResult(
                    command.argv(), exitCode, command.directory(), startedAt, took, lastLines.toList());
        }
    }

    private void take(Frame frame, CommandOutput output) {
        // docker-java hands out its own buffer and fills it again.
        byte[] bytes = frame.getPayload().clone();
        if (!shell || frame.getStreamType() != StreamType.STDERR) {
            say(bytes, output);
        } else if (complaint.size() < LONGEST_COMPLAINT) {
            complaint.writeBytes(bytes);
        }
    }

    private void say(byte[] bytes, CommandOutput output) {
        if (bytes.length > 0) {
            lastLines.write(bytes);
            output.write(bytes);
        }
    }

    private void awaitEnd(Streamed<Frame> frames, Streamed<WaitResponse> exit) throws InterruptedException {
        CompletableFuture<Object> over = CompletableFuture.anyOf(exit.ended(), frames.spoiled());
        try {
            if (command.timeout().isPresent()) {
                over.get(command.timeout().get().toNanos(), TimeUnit.NANOSECONDS);
            } else {
                over.get();
            }
        } catch (TimeoutException late) {
            stop(frames, exit);
            throw new CommandTimedOutException(command.line() + " took longer than "
                    + words(command.timeout().orElseThrow()) + " in " + surroundings.image + " and was stopped");
        } catch (InterruptedException e) {
            stop(frames, exit);
            throw e;
        } catch (ExecutionException failed) {
            stop(frames, exit);
            throw failed.getCause() instanceof RuntimeException spoiled
                            && frames.spoiled().isDone()
                    ? spoiled
                    : new InfrastructureException(engineWentAway(), failed);
        }
    }

    /**
     * Asks, waits for the grace, kills, and takes the last words. An interrupt does not hurry it. What cannot be stopped
     * here meets the removal, which kills as well and says what is left.
     */
    private void stop(Streamed<Frame> frames, Streamed<WaitResponse> exit) {
        try {
            container.signal("TERM");
            if (!endsWithin(surroundings.grace, exit)) {
                container.signal("KILL");
                endsWithin(Engine.ANSWER, exit);
            }
            endsWithin(SILENCE, frames);
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
    private void awaitOutput(Streamed<Frame> frames) throws InterruptedException {
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
                throw brokenOutput(frames, broken);
            }
        }
    }

    private RuntimeException brokenOutput(Streamed<Frame> frames, ExecutionException broken) {
        return frames.spoiled().isDone() && broken.getCause() instanceof RuntimeException spoiled
                ? spoiled
                : container.engine().explained("taking the output of " + command.line(), broken);
    }

    /** Only the engine's own record is evidence of an end; a stream that stops is not. */
    private ContainerState stateAtTheEnd() {
        if (!exited.get()) {
            throw new InfrastructureException(engineWentAway());
        }
        ContainerState state = container.state();
        if (Boolean.TRUE.equals(state.getRunning()) || state.getExitCodeLong() == null) {
            throw new InfrastructureException(
                    "container " + container.shortId() + " was reported to have ended, but it is " + state.getStatus());
        }
        return state;
    }

    private String engineWentAway() {
        return "the Docker engine at " + container.engine().address() + " went away while " + command.line()
                + " ran in container " + container.shortId() + ": how it ended and what it printed is unknown";
    }

    private void nameMemory(ContainerState state, CommandOutput output) {
        if (Boolean.TRUE.equals(state.getOOMKilled())) {
            String limit = surroundings.memory.isPresent()
                    ? "its limit of " + (surroundings.memory.getAsLong() >> 20) + " MiB"
                    : "the engine's memory";
            String who = state.getExitCodeLong() != null && state.getExitCodeLong() == 137
                    ? "it needed more than "
                    : "a process it started needed more than ";
            say(("out of memory: " + who + limit + ", and was killed\n").getBytes(StandardCharsets.UTF_8), output);
        }
    }

    /** The init process and the shell say in their own words that they could not start what they were given. */
    private void refuseIfNotStarted(int exitCode) {
        if (exitCode != 127 && exitCode != 126) {
            return;
        }
        String said = shell
                ? complaint.toString(StandardCharsets.UTF_8).strip()
                : String.join(" ", lastLines.toList()).strip();
        Matcher init = NOT_STARTED.matcher(said);
        if (shell && init.matches() && init.group(1).equals("/bin/sh")) {
            throw new ShellMissingException(surroundings.image);
        }
        if (shell
                ? !said.isEmpty()
                : init.matches() && init.group(1).equals(command.argv().get(0))) {
            throw new InfrastructureException(command.argv().get(0) + " cannot be started in " + surroundings.image
                    + " (" + (init.matches() ? init.group(2) : said) + "): is it installed in that image?");
        }
    }

    private static String words(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
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
}
