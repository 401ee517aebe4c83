package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at a request's head before anything else does, and says why it is not passed on. */
final class Scrutiny {

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final Pattern HOST = Pattern.compile("[^\\s,/@?#\\\\]+");
    private static final Pattern TARGET =
            Pattern.compile("(?i)(https?://[^\\s/?#@\\\\]+)?(/[!-~&&[^#]]*|\\?[!-~&&[^#]]*)?");
    private static final Set<String> NEVER_OF_ONE_CONNECTION = Set.of("content-length", "host", "transfer-encoding");
    private static final Set<String> LOOKALIKES = Set.of("content_length", "transfer_encoding");

    private Scrutiny() {}

    /** An answer that says why, and ends the connection. */
    record Refusal(HttpResponseStatus status, String sentence) {}

    static Optional<Refusal> refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(unreadable(request.decoderResult().cause()));
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return refuse(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "this router speaks HTTP/1.1 and HTTP/1.0");
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return refuse(HttpResponseStatus.NOT_IMPLEMENTED, "this router is not a tunnel: CONNECT is not offered");
        }
        HttpHeaders headers = request.headers();
        if (headers.contains(HttpHeaderNames.UPGRADE)
                && Heads.nominated(headers).contains("upgrade")) {
            return refuse(
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "this router does not switch protocols yet: no WebSocket, no h2c; use HTTP/1.1");
        }
        return problem(request).flatMap(sentence -> refuse(HttpResponseStatus.BAD_REQUEST, sentence));
    }

    private static Optional<String> problem(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return hostProblem(request)
                .or(() -> framingProblem(request))
                .or(() -> targetProblem(request))
                .or(() -> nameProblem(headers));
    }

    private static Optional<String> hostProblem(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            return Optional.of("a request has one Host, not " + hosts.size());
        }
        if (hosts.isEmpty()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                    ? Optional.of("a request of HTTP/1.1 has a Host")
                    : Optional.empty();
        }
        return HOST.matcher(hosts.get(0)).matches() ? Optional.empty() : Optional.of("the Host is not a host");
    }

    private static Optional<String> framingProblem(HttpRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        List<String> lengths = request.headers().getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (!codings.isEmpty() && !lengths.isEmpty()) {
            return Optional.of("a request has a Content-Length or a Transfer-Encoding, not both");
        }
        if (lengths.size() > 1
                || lengths.stream().anyMatch(l -> !LENGTH.matcher(l).matches())) {
            return Optional.of("a Content-Length is one number");
        }
        boolean chunked = codings.size() == 1
                && HttpHeaderValues.CHUNKED.toString().equalsIgnoreCase(codings.get(0))
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        return codings.isEmpty() || chunked
                ? Optional.empty()
                : Optional.of("the only Transfer-Encoding taken is chunked, once, in HTTP/1.1");
    }

    private static Optional<String> targetProblem(HttpRequest request) {
        String uri = request.uri();
        boolean good = uri.equals("*")
                ? request.method().equals(HttpMethod.OPTIONS)
                : !uri.isEmpty() && !uri.startsWith("?") && TARGET.matcher(uri).matches();
        return good ? Optional.empty() : Optional.of("the request target is not a path");
    }

    private static Optional<String> nameProblem(HttpHeaders headers) {
        if (Heads.nominated(headers).stream().anyMatch(NEVER_OF_ONE_CONNECTION::contains)) {
            return Optional.of("Connection must not name Host, Content-Length or Transfer-Encoding");
        }
        boolean lookalike =
                headers.names().stream().anyMatch(name -> LOOKALIKES.contains(name.toLowerCase(Locale.ROOT)));
        return lookalike ? Optional.of("a header that some servers take for a length is refused") : Optional.empty();
    }

    private static Refusal unreadable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the header fields are too large");
        }
        return new Refusal(HttpResponseStatus.BAD_REQUEST, "the request cannot be read in one way only");
    }

    private static Optional<Refusal> refuse(HttpResponseStatus status, String sentence) {
        return Optional.of(new Refusal(status, sentence));
    }
}
