package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Replica;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The heads that are passed on: without what concerns one connection only (RFC 9110, 7.6.1), with our word on who asked
 * for what. What an outsider claims in {@code X-Forwarded-*} is replaced; what somebody says whom the router was told to
 * trust is kept, and the address of that one appended.
 */
final class Heads {

    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final int LONGEST_REQUEST_ID = 128;

    /** What is copied was validated when it was read. */
    private static final HttpHeadersFactory UNVALIDATED =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private static final HttpHeaders OF_ONE_CONNECTION = names(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "transfer-encoding",
            "upgrade");
    private static final List<AsciiString> NAMES_OF_ONE_CONNECTION =
            OF_ONE_CONNECTION.names().stream().map(AsciiString::cached).toList();
    private static final HttpHeaders OURS = names(
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-real-ip", "forwarded");
    private static final HttpHeaders ONLY_IN_HEADS = names(
            "host",
            "content-length",
            "content-type",
            "content-encoding",
            "content-range",
            "trailer",
            "expect",
            "authorization",
            "cookie",
            "set-cookie",
            "www-authenticate",
            "cache-control",
            "max-forwards",
            "range",
            "location",
            "x-request-id");
    private static final HttpHeaders NONE = names();
    private static final Set<String> KEPT_ALIVE = Set.of("keep-alive");

    private Heads() {}

    /** What the instance is asked; a request id of the client's own is kept if it is harmless. */
    static HttpRequest toInstance(HttpRequest request, Replica to, Asker client) {
        HttpRequest sent =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, request.method(), target(request), emptyHeaders());
        HttpHeaders headers = sent.headers();
        copy(request.headers(), headers, OURS);
        String host = host(request, to);
        headers.set(HttpHeaderNames.HOST, host);
        sayWhoAsks(request.headers(), headers, host, client);
        if (!harmless(headers.get(REQUEST_ID))) {
            headers.set(REQUEST_ID, client.nextRequestId());
        }
        if (HttpUtil.isTransferEncodingChunked(request)) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (request.headers().containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true)) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        if (WebSockets.asked(request)) {
            WebSockets.say(headers);
        }
        return sent;
    }

    private static void sayWhoAsks(HttpHeaders asked, HttpHeaders headers, String host, Asker client) {
        headers.set(FORWARDED_FOR, client.address());
        headers.set(FORWARDED_PROTO, client.scheme());
        headers.set(FORWARDED_HOST, host);
        if (client.trusted()) {
            List<String> before = asked.getAll(FORWARDED_FOR);
            if (!before.isEmpty()) {
                headers.set(FORWARDED_FOR, String.join(", ", before) + ", " + client.address());
            }
            keep(FORWARDED_PROTO, asked, headers);
            keep(FORWARDED_HOST, asked, headers);
        }
    }

    private static void keep(AsciiString name, HttpHeaders asked, HttpHeaders headers) {
        String said = asked.get(name);
        if (said != null) {
            headers.set(name, said);
        }
    }

    /** As the instance was told; none if it was told nothing harmless. */
    static @Nullable String requestId(HttpRequest toInstance) {
        return toInstance.headers().get(REQUEST_ID);
    }

    /** Without the query: that can hold secrets. */
    static String path(HttpRequest request) {
        String target = target(request);
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * What the client is told; the framing is chosen by {@link Framing}. The instance's own head, if its length is all that
     * whoever reads it still wants to know; or else a new one.
     */
    static HttpResponse toClient(HttpResponse response) {
        boolean switching = WebSockets.agreed(response);
        if (HttpUtil.isContentLengthSet(response) && !switching) {
            strip(response.headers());
            return response.setProtocolVersion(HttpVersion.HTTP_1_1);
        }
        HttpResponse sent = new DefaultHttpResponse(HttpVersion.HTTP_1_1, response.status(), emptyHeaders());
        copy(response.headers(), sent.headers(), NONE);
        if (switching) {
            WebSockets.say(sent.headers());
        }
        return sent;
    }

    private static void strip(HttpHeaders headers) {
        Set<String> nominated = nominated(headers);
        for (CharSequence name : NAMES_OF_ONE_CONNECTION) {
            headers.remove(name);
        }
        nominated.forEach(headers::remove);
    }

    /** Nothing in a trailer may change what the head has said (RFC 9110, 6.5.1): most readers do not expect it there. */
    static void trimTrailers(LastHttpContent last) {
        HttpHeaders trailers = last.trailingHeaders();
        if (!trailers.isEmpty()) {
            for (String name : trailers.names()) {
                if (OF_ONE_CONNECTION.contains(name) || OURS.contains(name) || ONLY_IN_HEADS.contains(name)) {
                    trailers.remove(name);
                }
            }
        }
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

    private static String host(HttpRequest request, Replica to) {
        String uri = request.uri();
        if (!uri.startsWith("/") && !uri.equals("*")) {
            String rest = uri.substring(uri.indexOf("://") + 3);
            return rest.split("[/?]", 2)[0];
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        return host == null || host.isBlank() ? to.authority() : host;
    }

    /** For every request and every answer: a name is not made into another text, nor looked for letter by letter. */
    private static void copy(HttpHeaders from, HttpHeaders to, HttpHeaders dropped) {
        Set<String> nominated = nominated(from);
        // to keep a connection is what nearly everybody says there, and that header is dropped anyway
        boolean more = !nominated.isEmpty() && !nominated.equals(KEPT_ALIVE);
        Iterator<Map.Entry<CharSequence, CharSequence>> all = from.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> header = all.next();
            CharSequence name = header.getKey();
            if (!OF_ONE_CONNECTION.contains(name)
                    && !dropped.contains(name)
                    && !(more && nominated.contains(name.toString().toLowerCase(Locale.ROOT)))) {
                to.add(name, header.getValue());
            }
        }
    }

    /** Names that a {@code Connection} header declares to concern this connection only. */
    static Set<String> nominated(HttpHeaders headers) {
        String first = headers.get(HttpHeaderNames.CONNECTION);
        if (first == null) {
            return Set.of();
        }
        List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
        if (values.size() == 1 && HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(first)) {
            return KEPT_ALIVE;
        }
        Set<String> names = new HashSet<>();
        for (String value : values) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static boolean harmless(@Nullable String requestId) {
        if (requestId == null || requestId.isEmpty() || requestId.length() > LONGEST_REQUEST_ID) {
            return false;
        }
        for (int i = 0; i < requestId.length(); i++) {
            char c = requestId.charAt(i);
            if (c <= ' ' || c >= 127) {
                return false;
            }
        }
        return true;
    }

    /** A set of names that are found whatever their case, as headers are. */
    private static HttpHeaders names(String... names) {
        HttpHeaders set = emptyHeaders();
        for (String name : names) {
            set.add(AsciiString.cached(name), "");
        }
        return set;
    }

    private static HttpHeaders emptyHeaders() {
        return UNVALIDATED.newHeaders();
    }
}
