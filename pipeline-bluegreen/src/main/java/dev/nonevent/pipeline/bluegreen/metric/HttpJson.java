package dev.nonevent.pipeline.bluegreen.metric;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nonevent.pipeline.bluegreen.judge.Reading;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks for JSON by GET: at most 5 seconds and 1 MiB, no redirect followed (a token would follow it), nothing kept open.
 * Safe for use by several threads.
 */
final class HttpJson {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final URI address;
    private final Optional<Bearer> bearer;
    // Guarded by this. A client reads the certificates of the machine, and a declaration must not.
    private @Nullable OkHttpClient client;

    HttpJson(URI address, Optional<Bearer> bearer) {
        this.address = address;
        this.bearer = bearer;
    }

    /** Without what may be secret. */
    String place() {
        return address.getScheme() + "://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort())
                + (address.getPath() == null ? "" : address.getPath());
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        HttpUrl url = HttpUrl.get(address);
        if (url == null || address.getHost() == null) {
            problems.add(
                    address.getScheme() + " … is no address to ask for a metric; say http:// or https:// and a host");
        } else if (address.getRawUserInfo() != null) {
            problems.add("the address of a metric at " + address.getHost()
                    + " holds a name or password, which would be printed; give a secret by bearer(…)");
        } else if (bearer.isPresent() && !url.isHttps() && !isThisMachine(url.host())) {
            problems.add("a token would go to " + place() + " for all to read; say https://");
        }
        return problems;
    }

    private synchronized OkHttpClient client() {
        if (client == null) {
            client = new OkHttpClient.Builder()
                    .callTimeout(TIMEOUT)
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .connectionPool(new ConnectionPool(0, 1, TimeUnit.NANOSECONDS))
                    .build();
        }
        return client;
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.matches("127\\.\\d+\\.\\d+\\.\\d+") || host.equals("::1");
    }

    /** Where to ask; empty if the declaration has problems. */
    Optional<HttpUrl> url() {
        return problems().isEmpty() ? Optional.ofNullable(HttpUrl.get(address)) : Optional.empty();
    }

    /** @param read from the status and the document, which is missing if there is no JSON */
    Reading ask(HttpUrl url, BiFunction<Integer, JsonNode, Reading> read) throws InterruptedException {
        Optional<String> header = bearer.flatMap(Bearer::header);
        if (bearer.isPresent() && header.isEmpty()) {
            return new Reading.Unknown(bearer.get().isMissing());
        }
        Request.Builder request = new Request.Builder().url(url).header("Accept", "application/json");
        header.ifPresent(token -> request.header("Authorization", token));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before asking " + place());
        }
        try (Response response = client().newCall(request.build()).execute()) {
            return answer(response, read);
        } catch (JsonProcessingException e) {
            return new Reading.Unknown("answered something that is no JSON");
        } catch (InterruptedIOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while asking " + place());
            }
            return new Reading.Unknown(String.format(Locale.ROOT, "did not answer within %d s", TIMEOUT.toSeconds()));
        } catch (IOException e) {
            return new Reading.Unknown("cannot be asked: " + Words.clean(String.valueOf(e.getMessage())));
        }
    }

    private static Reading answer(Response response, BiFunction<Integer, JsonNode, Reading> read) throws IOException {
        BufferedSource body = response.body().source();
        if (body.request(MOST_BYTES + 1L)) {
            return new Reading.Unknown("answered with more than 1 MiB");
        }
        byte[] bytes = body.readByteArray();
        try {
            return read.apply(response.code(), JSON.readTree(bytes));
        } catch (JsonProcessingException e) {
            if (response.isSuccessful()) {
                throw e;
            }
            return new Reading.Unknown("answered " + response.code());
        }
    }
}
