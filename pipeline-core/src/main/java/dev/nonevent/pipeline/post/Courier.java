package dev.nonevent.pipeline.post;

import dev.nonevent.pipeline.text.OneLine;
import dev.nonevent.pipeline.time.TimeSource;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Carries letters. One that may be taken later (a rate limit, a server's own fault, no connection) is carried again, after
 * what the server asks for and never less than a growing pause; at most 5 seconds for one attempt, and for all no more
 * than the caller gives. Nothing is followed to another address, 64 KiB of an answer are read, and no connection is kept.
 *
 * <p>What was sent twice may have arrived twice. Safe for use by several threads.
 */
public final class Courier {

    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 8;
    private static final IntervalFunction PAUSE = IntervalFunction.ofExponentialRandomBackoff(500, 2.0);
    private static final int MOST_WORDS = 200;

    private final TimeSource time;
    private final UnaryOperator<String> mask;
    private final Retry retry = Retry.of(
            "post",
            RetryConfig.<Answer>custom()
                    .maxAttempts(ATTEMPTS)
                    .retryOnResult(Answer.Later.class::isInstance)
                    .intervalBiFunction((attempt, result) -> pause(attempt, result.getOrNull()))
                    .build());
    private final OkHttpClient client = new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
            .build();

    /** @param mask what every word of a server passes before it is cut short or told: it may quote what it was sent */
    public Courier(TimeSource time, UnaryOperator<String> mask) {
        this.time = time;
        this.mask = mask;
    }

    /**
     * Carries the letter until it is taken or refused, or there is no time left.
     *
     * @param within for all attempts and the pauses between them
     */
    public Answer carry(Letter letter, Duration within) throws InterruptedException {
        long until = time.nanos() + within.toNanos();
        Retry.AsyncContext<Answer> attempts = retry.asyncContext();
        while (true) {
            Answer answer = attempt(letter, left(until));
            long pause = attempts.onResult(answer);
            if (pause < 0 || Duration.ofMillis(pause).compareTo(left(until)) >= 0) {
                return answer;
            }
            time.sleep(Duration.ofMillis(pause));
        }
    }

    private Duration left(long until) {
        return Duration.ofNanos(until - time.nanos());
    }

    private static long pause(int attempt, @Nullable Answer answer) {
        long asked = answer instanceof Answer.Later later
                ? later.after().map(Duration::toMillis).orElse(0L)
                : 0;
        return Math.max(asked, PAUSE.apply(attempt));
    }

    private Answer attempt(Letter letter, Duration left) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before " + letter + " was sent");
        }
        Duration limit = left.compareTo(ATTEMPT) < 0 ? left : ATTEMPT;
        if (limit.toMillis() <= 0) {
            return new Answer.Later("there was no time left to send it", Optional.empty());
        }
        OkHttpClient bounded = client.newBuilder()
                .callTimeout(limit)
                .connectTimeout(limit)
                .readTimeout(limit)
                .build();
        try (Response response = bounded.newCall(letter.request()).execute()) {
            return new Replies(mask, time.now()).answer(response);
        } catch (InterruptedIOException late) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while " + letter + " was sent");
            }
            return new Answer.Later("did not answer within " + limit.toMillis() + " ms", Optional.empty());
        } catch (IOException broken) {
            return new Answer.Later(
                    "cannot be reached: "
                            + OneLine.blanked(mask.apply(String.valueOf(broken.getMessage())), MOST_WORDS),
                    Optional.empty());
        }
    }
}
