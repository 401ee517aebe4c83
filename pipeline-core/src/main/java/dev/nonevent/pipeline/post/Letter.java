package dev.nonevent.pipeline.post;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/** One JSON document to one address. What may be secret, which is all but the host, is in no text it gives of itself. */
public final class Letter {

    private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

    private final HttpUrl to;
    private final Map<String, String> headers;
    private final String json;

    private Letter(HttpUrl to, Map<String, String> headers, String json) {
        this.to = to;
        this.headers = headers;
        this.json = json;
    }

    /**
     * A letter without headers of its own.
     *
     * @param json the document, without any secret
     * @throws IllegalArgumentException if the address is not {@link #isSafe safe}; does not quote it
     */
    public static Letter to(URI address, String json) {
        HttpUrl url = HttpUrl.get(address);
        if (url == null || !isSafe(address)) {
            throw new IllegalArgumentException("no https:// address");
        }
        return new Letter(url, Map.of(), json);
    }

    /**
     * Whether a secret may go there: by {@code https}, or to this machine; and with no user or password in the address, which
     * would be printed.
     */
    public static boolean isSafe(URI address) {
        HttpUrl url = HttpUrl.get(address);
        return url != null && address.getRawUserInfo() == null && (url.isHttps() || isThisMachine(url.host()));
    }

    /** With one more header; its value may be a secret. */
    public Letter header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Letter(to, more, json);
    }

    Request request() {
        Request.Builder request = new Request.Builder()
                .url(to)
                .header("User-Agent", "nonevent")
                .post(RequestBody.create(json.getBytes(StandardCharsets.UTF_8), JSON));
        headers.forEach(request::header);
        return request.build();
    }

    @Override
    public String toString() {
        return "a letter to " + to.host();
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.matches("127\\.\\d+\\.\\d+\\.\\d+") || host.equals("::1");
    }
}
