package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.WaitResponse;
import dev.nonevent.pipeline.docker.engine.Container;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Feed;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a container's main process, for as long as the connection holds, and what the same engine says of its
 * end. What it says is handed to one listener at a time.
 */
final class Attached implements AutoCloseable {

    private final Container container;
    private final Feed input = new Feed();
    private final Streamed<Frame> output = new Streamed<>(this::take);
    private final AtomicBoolean exited = new AtomicBoolean();
    private final Streamed<WaitResponse> exit = new Streamed<>(answer -> exited.set(true));
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile @Nullable Answer listener;

    private Attached(Container container) {
        this.container = container;
    }

    /** To miss nothing, before the container is started. */
    static Attached to(Container container) throws InterruptedException {
        Attached attached = new Attached(container);
        try {
            container.converse(attached.input, attached.output);
            attached.output.begun().get(Engine.ANSWER.toSeconds(), TimeUnit.SECONDS);
            return attached;
        } catch (ExecutionException broken) {
            attached.close();
            throw container.engine().explained("attaching to container " + container.shortId(), broken);
        } catch (TimeoutException silent) {
            attached.close();
            throw new InfrastructureException(
                    "the Docker engine at " + container.engine().address() + " did not answer within "
                            + Engine.ANSWER.toSeconds() + " s while attaching to container " + container.shortId(),
                    silent);
        } catch (InterruptedException | RuntimeException e) {
            attached.close();
            throw e;
        }
    }

    /** To one that has said already that it is ready. */
    static Attached again(Container container) throws InterruptedException {
        Attached attached = to(container);
        attached.ready.complete(null);
        attached.followToItsEnd();
        return attached;
    }

    /** From when the container runs. */
    void followToItsEnd() {
        container.awaitExit(exit);
    }

    /** @param answer is handed all from here on */
    void listen(Answer answer) {
        listener = answer;
    }

    void say(byte[] bytes) {
        input.add(bytes);
    }

    private void take(Frame frame) {
        Answer hears = listener;
        if (hears == null) {
            return;
        }
        // docker-java hands out its own buffer and fills it again.
        byte[] bytes = frame.getPayload().clone();
        if (frame.getStreamType() == StreamType.STDERR) {
            hears.complain(bytes);
        } else {
            hears.say(ready.isDone() ? bytes : afterTheFirstLine(bytes));
        }
    }

    /** The shell's, which says that it is ready. */
    private byte[] afterTheFirstLine(byte[] bytes) {
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                ready.complete(null);
                return Arrays.copyOfRange(bytes, at + 1, bytes.length);
            }
        }
        return new byte[0];
    }

    /** Completes when the shell has said that it is ready. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    Streamed<Frame> output() {
        return output;
    }

    /** Completes when nothing more will be heard. */
    CompletableFuture<Void> ended() {
        return output.ended();
    }

    /** Completes when the engine has said that the container has exited, or can say nothing more about it. */
    CompletableFuture<Void> exit() {
        return exit.ended();
    }

    /** Whether the engine that started it has said that it exited; one that was started again cannot know why. */
    boolean hasExited() {
        return exited.get();
    }

    @Override
    public void close() {
        input.close();
        output.close();
        exit.close();
    }
}
