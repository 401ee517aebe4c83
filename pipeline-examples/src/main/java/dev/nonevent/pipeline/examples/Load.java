package dev.nonevent.pipeline.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Users who never stop: one request every few milliseconds, whether or not the last one was answered. Nothing is retried,
 * so what is counted is what a user would have seen.
 */
final class Load implements AutoCloseable {

    private final OkHttpClient client = new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .callTimeout(Duration.ofSeconds(5))
            .build();
    private final Request request;
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor(Load::daemon);
    private final ExecutorService users = Executors.newFixedThreadPool(16, Load::daemon);
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private final ScheduledFuture<?> asking;

    private Load(HttpUrl url, int requestsPerSecond) {
        this.request = new Request.Builder().url(url).build();
        this.asking = pace.scheduleAtFixedRate(
                () -> users.execute(this::ask), 0, 1_000_000 / requestsPerSecond, TimeUnit.MICROSECONDS);
    }

    /** Starts at once, against one URL. */
    static Load on(String url, int requestsPerSecond) {
        return new Load(HttpUrl.get(url), requestsPerSecond);
    }

    private void ask() {
        boolean answered = false;
        try (Response response = client.newCall(request).execute()) {
            response.body().bytes();
            answered = response.isSuccessful();
        } catch (IOException unanswered) {
            answered = false;
        }
        if (!answered) {
            failed.incrementAndGet();
        }
        total.incrementAndGet();
    }

    Seen seen() {
        return new Seen(total.get(), failed.get());
    }

    /** Asks no more, and returns when the last request is answered. */
    @Override
    public void close() throws InterruptedException {
        asking.cancel(false);
        pace.shutdown();
        pace.awaitTermination(10, TimeUnit.SECONDS);
        users.shutdown();
        users.awaitTermination(10, TimeUnit.SECONDS);
        client.connectionPool().evictAll();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "load");
        thread.setDaemon(true);
        return thread;
    }

    /** What the users saw so far. */
    record Seen(long requests, long failed) {

        Seen since(Seen before) {
            return new Seen(requests - before.requests, failed - before.failed);
        }
    }
}
