package dev.nonevent.pipeline.bluegreen.worker;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * One PUT on a fresh connection to the instance's private address, and then to those of its other replicas: nothing followed,
 * nothing retried, everything bounded.
 */
final class WorkerHttp implements WorkerCallback {

    private static final MediaType TEXT = MediaType.get("text/plain; charset=utf-8");

    private final String path;
    private final OkHttpClient client;

    WorkerHttp(String path, Duration limit) {
        this.path = path;
        this.client = new OkHttpClient.Builder()
                .callTimeout(limit)
                .connectTimeout(limit)
                .readTimeout(limit)
                .writeTimeout(limit)
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                .build();
    }

    @Override
    public void tell(Worker worker, WorkerState state) throws IOException {
        for (URI address : worker.instance().addresses()) {
            tell(address, state);
        }
    }

    private void tell(URI address, WorkerState state) throws IOException {
        HttpUrl base = HttpUrl.get(address);
        HttpUrl url = base == null ? null : base.resolve(path);
        if (url == null) {
            throw new IOException(address + " with " + path + " is no HTTP address");
        }
        Request request = new Request.Builder()
                .url(url)
                .put(RequestBody.create(state.name(), TEXT))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("it answered " + response.code());
            }
        }
    }
}
