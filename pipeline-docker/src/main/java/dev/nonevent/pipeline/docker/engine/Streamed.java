package dev.nonevent.pipeline.docker.engine;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Items that arrive from the engine one after the other, on a thread of docker-java's. Its end says only that nothing
 * more comes: docker-java reports a connection cut in the middle as a normal end.
 */
public final class Streamed<T> implements ResultCallback<T> {

    private final Consumer<? super T> each;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> spoiled = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable Closeable> connection = new AtomicReference<>();
    private final AtomicLong items = new AtomicLong();

    /** @param each called for one item at a time; what it throws ends the stream and is handed to {@link #spoiled} */
    public Streamed(Consumer<? super T> each) {
        this.each = each;
    }

    /** Completes when the engine has taken the request up; fails if it refuses. */
    public CompletableFuture<Void> begun() {
        return begun;
    }

    /** Completes when nothing more will come; fails if the connection or the receiver did. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /** Never completes but with what the receiver of the items threw. */
    public CompletableFuture<Void> spoiled() {
        return spoiled;
    }

    public long items() {
        return items.get();
    }

    @Override
    public void onStart(Closeable stream) {
        connection.set(stream);
        begun.complete(null);
        if (closed.get()) {
            closeConnection();
        }
    }

    @Override
    public void onNext(T item) {
        if (closed.get()) {
            return;
        }
        items.incrementAndGet();
        try {
            each.accept(item);
        } catch (RuntimeException e) {
            spoiled.completeExceptionally(e);
            ended.completeExceptionally(e);
            close();
        }
    }

    @Override
    public void onError(Throwable failure) {
        begun.completeExceptionally(failure);
        ended.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        begun.complete(null);
        ended.complete(null);
    }

    /** Takes nothing more; an item being handed on right now is still handed on. */
    @Override
    public void close() {
        closed.set(true);
        closeConnection();
    }

    private void closeConnection() {
        Closeable open = connection.getAndSet(null);
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyBroken) {
                ended.completeExceptionally(alreadyBroken);
            }
        }
    }
}
