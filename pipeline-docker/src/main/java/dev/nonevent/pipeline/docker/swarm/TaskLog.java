package dev.nonevent.pipeline.docker.swarm;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.nonevent.pipeline.docker.engine.Engine;
import dev.nonevent.pipeline.docker.engine.Pulse;
import dev.nonevent.pipeline.docker.engine.Streamed;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a task prints, wherever it runs: as it comes, and in the end once more from the beginning. A followed log of
 * Swarm's never ends by itself and may break; a read one ends. Both begin with the first byte, so each byte is passed on once.
 */
final class TaskLog implements AutoCloseable {

    private static final Duration SILENCE = Duration.ofSeconds(20);

    /** Told what was printed, in order; on one thread at a time. */
    interface Receiver {
        void take(StreamType stream, byte[] bytes);
    }

    private final Engine engine;
    private final Receiver receiver;
    private final Map<StreamType, Long> passed = new EnumMap<>(StreamType.class);
    private final CompletableFuture<Void> spoiled = new CompletableFuture<>();
    private @Nullable Streamed<Frame> followed;
    private boolean finished;

    TaskLog(Engine engine, Receiver receiver) {
        this.engine = engine;
        this.receiver = receiver;
    }

    /** Sees to it that what the task prints is passed on from now on; again, if the connection broke. */
    void follow(String task) {
        if (followed != null && !followed.ended().isDone()) {
            return;
        }
        Streamed<Frame> next = new Streamed<>(new Reader()::take);
        followed = next;
        engine.ask(
                "following the output of task " + task,
                docker -> docker.logTaskCmd(task)
                        .withStdout(true)
                        .withStderr(true)
                        .withFollow(true)
                        .exec(next));
    }

    /** Passes on what there is and was not passed on yet. */
    void readAll(String task) throws InterruptedException {
        Streamed<Frame> all = new Streamed<>(new Reader()::take);
        try (all;
                Pulse pulse = Pulse.of(engine, Pulse.USUAL, all)) {
            engine.ask(
                    "reading the output of task " + task,
                    docker -> docker.logTaskCmd(task)
                            .withStdout(true)
                            .withStderr(true)
                            .exec(all));
            awaitEnd(all);
        } catch (ExecutionException broken) {
            failIfSpoiled();
            throw engine.explained("reading the output of task " + task, broken);
        } catch (TimeoutException silent) {
            throw new InfrastructureException(
                    "Swarm did not say within " + SILENCE.toSeconds() + " s what task " + task + " printed", silent);
        }
    }

    private static void awaitEnd(Streamed<Frame> all)
            throws InterruptedException, ExecutionException, TimeoutException {
        long before = -1;
        while (true) {
            try {
                all.ended().get(SILENCE.toNanos(), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException silent) {
                if (all.items() == before) {
                    throw silent;
                }
                before = all.items();
            }
        }
    }

    /** Throws what the receiver threw, if it did. */
    void failIfSpoiled() {
        if (spoiled.isCompletedExceptionally()) {
            try {
                spoiled.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException thrown ? thrown : e;
            }
        }
    }

    /** Passes nothing on any more; the last thing, on this thread. */
    synchronized void finish(Runnable last) {
        finished = true;
        last.run();
    }

    @Override
    public void close() {
        if (followed != null) {
            followed.close();
        }
    }

    private synchronized void pass(StreamType stream, long at, byte[] bytes) {
        long end = at + bytes.length;
        long until = passed.getOrDefault(stream, 0L);
        if (end <= until || finished || spoiled.isDone()) {
            return;
        }
        passed.put(stream, end);
        try {
            receiver.take(stream, at == until ? bytes : Arrays.copyOfRange(bytes, (int) (until - at), bytes.length));
        } catch (RuntimeException e) {
            spoiled.completeExceptionally(e);
            throw e;
        }
    }

    /** One reading from the first byte on; on one thread. */
    private final class Reader {

        private final Map<StreamType, Long> positions = new EnumMap<>(StreamType.class);

        void take(Frame frame) {
            // docker-java hands out its own buffer and fills it again.
            byte[] bytes = frame.getPayload().clone();
            long at = positions.getOrDefault(frame.getStreamType(), 0L);
            positions.put(frame.getStreamType(), at + bytes.length);
            pass(frame.getStreamType(), at, bytes);
        }
    }
}
