package dev.nonevent.pipeline.deployment;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One GET on a fresh connection: nothing followed, nothing retried, everything bounded. */
final class HttpProbe implements Probe {

    static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final long MOST_BYTES = 64 * 1024;

    private final String path;
    // Guarded by this. A client reads the certificates of the machine, and a declaration must not.
    private @Nullable OkHttpClient client;

    HttpProbe(String path) {
        this.path = path;
    }

    @Override
    public Health probe(URI instance) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before asking " + instance);
        }
        HttpUrl url = HttpUrl.get(instance);
        HttpUrl asked = url == null ? null : url.resolve(path);
        if (asked == null) {
            return new Health.Unhealthy("cannot be asked: " + instance + " with " + path + " is no HTTP address");
        }
        Request request = new Request.Builder().url(asked).build();
        try (Response response = client().newCall(request).execute()) {
            // The call timeout covers the body too; one that drips for ever is no answer.
            response.body().source().request(MOST_BYTES);
            return response.isSuccessful() ? new Health.Healthy() : refused(response.code());
        } catch (ConnectException e) {
            return new Health.Unhealthy("refused the connection");
        } catch (InterruptedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while asking " + asked);
            }
            return new Health.Unhealthy("did not answer within " + TIMEOUT.toMillis() + " ms");
        } catch (IOException e) {
            return new Health.Unhealthy("broke off: " + e.getMessage());
        }
    }

    private synchronized OkHttpClient client() {
        if (client == null) {
            client = new OkHttpClient.Builder()
                    .callTimeout(TIMEOUT)
                    .connectTimeout(TIMEOUT)
                    .readTimeout(TIMEOUT)
                    .retryOnConnectionFailure(false)
                    .followRedirects(false)
                    .followSslRedirects(false)
                    // A kept connection would prove that the instance once answered, not that it does.
                    .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                    .build();
        }
        return client;
    }

    private static Health refused(int status) {
        return new Health.Unhealthy(
                "answered " + status + (status / 100 == 3 ? "; a health check follows no redirects" : ""));
    }
}
