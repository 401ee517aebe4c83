package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The heads that are passed on: without what concerns one connection only (RFC 9110, 7.6.1), with our word on who asked
 * for what. What an outsider claims in {@code X-Forwarded-*} is replaced.
 */
final class Heads {

    private static final String FORWARDED_FOR = "x-forwarded-for";
    private static final String FORWARDED_PROTO = "x-forwarded-proto";
    private static final String FORWARDED_HOST = "x-forwarded-host";
    private static final String REQUEST_ID = "x-request-id";
    private static final int LONGEST_REQUEST_ID = 128;

    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade");
    private static final Set<String> OURS =
            Set.of(FORWARDED_FOR, FORWARDED_PROTO, FORWARDED_HOST, "x-forwarded-port", "x-real-ip", "forwarded");

    private Heads() {}

    /** What the instance is asked; a request id of the client's own is kept if it is harmless. */
    static HttpRequest toInstance(HttpRequest request, Side side, Asker client) {
        HttpRequest sent =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), target(request), emptyHeaders());
        HttpHeaders headers = sent.headers();
        copy(request.headers(), headers, OURS);
        String host = host(request, side);
        headers.set(HttpHeaderNames.HOST, host);
        headers.set(FORWARDED_FOR, client.address());
        headers.set(FORWARDED_PROTO, client.scheme());
        headers.set(FORWARDED_HOST, host);
        if (!harmless(headers.get(REQUEST_ID))) {
            headers.set(REQUEST_ID, client.nextRequestId());
        }
        if (HttpUtil.isTransferEncodingChunked(request)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (request.headers().containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true)) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        return sent;
    }

    /** What the client is told; the framing is chosen by {@link Framing}. */
    static HttpResponse toClient(HttpResponse response) {
        HttpResponse sent = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), emptyHeaders());
        copy(response.headers(), sent.headers(), Set.of());
        return sent;
    }

    /** True for {@code 100 Continue} and the like: the real answer follows. Switching protocols is a real answer. */
    static boolean interim(HttpResponse response) {
        int code = response.status().code();
        return code >= 100 && code < 200 && code != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }

    /** True if the message has no body whatever its head says. */
    static boolean bodiless(HttpMethod method, HttpResponseStatus status) {
        return method.equals(HttpMethod.HEAD)
                || status.code() == HttpResponseStatus.NO_CONTENT.code()
                || status.code() == HttpResponseStatus.NOT_MODIFIED.code();
    }

    /** The absolute form is for proxies; the instance is asked for the path (RFC 9112, 3.2.2). */
    private static String target(HttpRequest request) {
        String uri = request.uri();
        if (uri.startsWith("/") || uri.equals("*")) {
            return uri;
        }
        int path = uri.indexOf('/', uri.indexOf("://") + 3);
        int query = uri.indexOf('?');
        if (path >= 0 && (query < 0 || path < query)) {
            return uri.substring(path);
        }
        return query < 0 ? "/" : "/" + uri.substring(query);
    }

    private static String host(HttpRequest request, Side side) {
        String uri = request.uri();
        if (!uri.startsWith("/") && !uri.equals("*")) {
            String rest = uri.substring(uri.indexOf("://") + 3);
            return rest.split("[/?]", 2)[0];
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        return host == null || host.isBlank() ? side.authority() : host;
    }

    private static void copy(HttpHeaders from, HttpHeaders to, Set<String> dropped) {
        Set<String> nominated = nominated(from);
        for (Map.Entry<String, String> header : from) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!OF_ONE_CONNECTION.contains(name) && !dropped.contains(name) && !nominated.contains(name)) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    /** Names that a {@code Connection} header declares to concern this connection only. */
    static Set<String> nominated(HttpHeaders headers) {
        Set<String> names = new HashSet<>();
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static boolean harmless(@Nullable String requestId) {
        return requestId != null
                && !requestId.isEmpty()
                && requestId.length() <= LONGEST_REQUEST_ID
                && requestId.chars().allMatch(c -> c > ' ' && c < 127);
    }

    private static HttpHeaders emptyHeaders() {
        // what is copied was validated when it was read
        return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    }
}
