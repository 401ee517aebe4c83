package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The heads of HTTP/2 in the words of HTTP/1.1 and back (RFC 9113, 8.2 and 8.3). What the words of HTTP/1.1 could not say
 * in one way only is refused: a request must not become two on its way to an instance.
 *
 * <p>Names, control characters, fields of one connection and the sum of the body's bytes are checked by Netty's codec
 * before; it resets the stream.
 */
final class StreamHeads {

    private static final char LAST_OF_ASCII = 127;
    private static final Set<HttpMethod> USUALLY_WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private StreamHeads() {}

    /** Why these fields are no request, if they are none. */
    static Optional<String> problem(Http2Headers headers) {
        return repeated(headers)
                .or(() -> notForRequests(headers))
                .or(() -> methodProblem(headers.method()))
                .or(() -> targetProblem(headers))
                .or(() -> hostProblem(headers));
    }

    /**
     * As HTTP/1.1 says it.
     *
     * @param headers without a {@link #problem}
     * @param ends whether no body follows
     */
    static HttpRequest request(Http2Headers headers, boolean ends) {
        HttpMethod method = HttpMethod.valueOf(String.valueOf(headers.method()));
        RequestHead request = new RequestHead(HttpVersion.HTTP_1_1, method, target(headers), validated());
        HttpHeaders fields = request.headers();
        StringBuilder cookies = new StringBuilder();
        int bytes = 0;
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            CharSequence name = field.getKey();
            bytes += name.length() + field.getValue().length();
            if (HttpHeaderNames.COOKIE.contentEquals(name)) {
                cookies.append(cookies.isEmpty() ? "" : "; ").append(field.getValue());
            } else if (!isPseudo(name) && !HttpHeaderNames.HOST.contentEquals(name)) {
                fields.add(name, field.getValue());
            }
        }
        if (!cookies.isEmpty()) {
            fields.set(HttpHeaderNames.COOKIE, cookies.toString());
        }
        CharSequence authority = authority(headers);
        if (authority != null) {
            fields.set(HttpHeaderNames.HOST, authority);
        }
        chooseFraming(request, ends);
        request.weigh(bytes);
        return request;
    }

    /** Stands for a request that has a {@link #problem}. */
    static HttpRequest unreadable() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
    }

    static HttpHeaders trailers(Http2Headers headers) {
        HttpHeaders trailers = validated();
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            trailers.add(field.getKey(), field.getValue());
        }
        return trailers;
    }

    static Http2Headers answer(HttpResponse response) {
        Http2Headers headers = fields(response.headers());
        headers.status(response.status().codeAsText());
        return headers;
    }

    /** The fields alone: a head's without its first line, or trailers. */
    static Http2Headers fields(HttpHeaders fields) {
        // what an instance said was validated when it was read
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size() + 1);
        Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
        while (each.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = each.next();
            String name = field.getKey().toString().toLowerCase(Locale.ROOT);
            if (!OF_ONE_CONNECTION.contains(name)) {
                headers.add(name, field.getValue());
            }
        }
        return headers;
    }

    private static Optional<String> repeated(Http2Headers headers) {
        Set<PseudoHeaderName> seen = EnumSet.noneOf(PseudoHeaderName.class);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (!isPseudo(field.getKey())) {
                return Optional.empty();
            }
            if (!seen.add(PseudoHeaderName.getPseudoHeader(field.getKey()))) {
                return Optional.of("a request has one " + field.getKey() + ", not two");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> notForRequests(Http2Headers headers) {
        if (headers.contains(PseudoHeaderName.STATUS.value())) {
            return Optional.of("a request has no :status");
        }
        return headers.contains(PseudoHeaderName.PROTOCOL.value())
                ? Optional.of("WebSockets over HTTP/2 are not offered: use HTTP/1.1")
                : Optional.empty();
    }

    private static Optional<String> methodProblem(@Nullable CharSequence method) {
        return method != null && !method.isEmpty() && HttpHeaderValidationUtil.validateToken(method) < 0
                ? Optional.empty()
                : Optional.of("the :method is not a method");
    }

    private static Optional<String> targetProblem(Http2Headers headers) {
        if (isConnect(headers)) {
            return Optional.empty();
        }
        CharSequence scheme = headers.scheme();
        if (scheme == null
                || !(scheme.toString().equals("http") || scheme.toString().equals("https"))) {
            return Optional.of("the :scheme is http or https");
        }
        return isPath(headers.path()) ? Optional.empty() : Optional.of("the :path is not a path");
    }

    private static boolean isPath(@Nullable CharSequence path) {
        if (path == null || path.isEmpty()) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) >= LAST_OF_ASCII) {
                return false;
            }
        }
        return path.charAt(0) == '/' || path.toString().equals("*");
    }

    private static Optional<String> hostProblem(Http2Headers headers) {
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return Optional.of("a request has one Host, not " + hosts.size());
        }
        CharSequence authority = headers.authority();
        boolean two = authority != null
                && !hosts.isEmpty()
                && !authority.toString().equalsIgnoreCase(hosts.get(0).toString());
        return two ? Optional.of("the :authority and the Host disagree") : Optional.empty();
    }

    private static @Nullable CharSequence authority(Http2Headers headers) {
        CharSequence authority = headers.authority();
        return authority == null ? headers.get(HttpHeaderNames.HOST) : authority;
    }

    /** A body without a length is sent in chunks; no body, where one is usual, is said to be of no bytes. */
    private static void chooseFraming(HttpRequest request, boolean ends) {
        HttpHeaders fields = request.headers();
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return;
        }
        if (!ends) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (USUALLY_WITH_BODY.contains(request.method())) {
            fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    private static String target(Http2Headers headers) {
        return isConnect(headers) ? "*" : String.valueOf(headers.path());
    }

    private static boolean isConnect(Http2Headers headers) {
        return HttpMethod.CONNECT.name().contentEquals(String.valueOf(headers.method()));
    }

    private static boolean isPseudo(CharSequence name) {
        return !name.isEmpty() && name.charAt(0) == ':';
    }

    private static HttpHeaders validated() {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders();
    }
}
