package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Refused;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at a request's head before anything else does, and says why it is not passed on. */
final class Scrutiny {

    private static final int MOST_DIGITS = 18;
    private static final List<String> SCHEMES = List.of("http://", "https://");
    private static final Set<String> NEVER_OF_ONE_CONNECTION = Set.of("content-length", "host", "transfer-encoding");
    private static final List<AsciiString> LOOKALIKES =
            List.of(AsciiString.cached("content_length"), AsciiString.cached("transfer_encoding"));

    private Scrutiny() {}

    /** An answer that says why, and ends the connection. */
    record Refusal(Refused why, HttpResponseStatus status, String sentence) {}

    static Optional<Refusal> refusal(HttpRequest request, Limits.Clients limits) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(unreadable(request.decoderResult().cause()));
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return refuse(
                    Refused.NOT_OFFERED,
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
                    "this router speaks HTTP/1.1 and HTTP/1.0");
        }
        if (request.method().equals(HttpMethod.CONNECT)) {
            return refuse(
                    Refused.NOT_OFFERED,
                    HttpResponseStatus.NOT_IMPLEMENTED,
                    "this router is not a tunnel: CONNECT is not offered");
        }
        if (request.headers().size() > limits.fields()) {
            return refuse(
                    Refused.HEAD_TOO_LARGE,
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "a request has no more than " + limits.fields() + " header fields");
        }
        Optional<String> problem = problem(request);
        if (problem.isEmpty() && HttpUtil.getContentLength(request, 0L) > limits.body()) {
            return Optional.of(tooLarge(limits));
        }
        return problem.flatMap(sentence -> refuse(Refused.MALFORMED, HttpResponseStatus.BAD_REQUEST, sentence));
    }

    static Refusal malformed(String sentence) {
        return new Refusal(Refused.MALFORMED, HttpResponseStatus.BAD_REQUEST, sentence);
    }

    static Refusal overloaded() {
        return new Refusal(
                Refused.OVERLOADED,
                HttpResponseStatus.SERVICE_UNAVAILABLE,
                "too many requests are under way: try again");
    }

    static Refusal pathTooLong() {
        return new Refusal(
                Refused.HEAD_TOO_LARGE, HttpResponseStatus.REQUEST_URI_TOO_LONG, "the path of the request is too long");
    }

    static Refusal tooLarge(Limits.Clients limits) {
        return new Refusal(
                Refused.BODY_TOO_LARGE,
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "the body of a request has no more than " + limits.body() + " bytes");
    }

    /** For every request, so nothing here makes an object where there is no problem. */
    private static Optional<String> problem(HttpRequest request) {
        Optional<String> problem = hostProblem(request);
        if (problem.isEmpty()) {
            problem = framingProblem(request);
        }
        if (problem.isEmpty()) {
            problem = targetProblem(request);
        }
        return problem.isEmpty() ? nameProblem(request.headers()) : problem;
    }

    private static Optional<String> hostProblem(HttpRequest request) {
        Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                    ? Optional.of("a request of HTTP/1.1 has a Host")
                    : Optional.empty();
        }
        String host = hosts.next();
        if (hosts.hasNext()) {
            return Optional.of("a request has one Host, not "
                    + request.headers().getAll(HttpHeaderNames.HOST).size());
        }
        return isHost(host) ? Optional.empty() : Optional.of("the Host is not a host");
    }

    private static Optional<String> framingProblem(HttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean coded = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        boolean measured = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (coded && measured) {
            return Optional.of("a request has a Content-Length or a Transfer-Encoding, not both");
        }
        if (measured) {
            List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
            return lengths.size() == 1 && isLength(lengths.get(0))
                    ? Optional.empty()
                    : Optional.of("a Content-Length is one number");
        }
        return !coded || isChunked(request)
                ? Optional.empty()
                : Optional.of("the only Transfer-Encoding taken is chunked, once, in HTTP/1.1");
    }

    private static boolean isChunked(HttpRequest request) {
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0))
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }

    private static Optional<String> targetProblem(HttpRequest request) {
        String uri = request.uri();
        boolean good = uri.equals("*") ? request.method().equals(HttpMethod.OPTIONS) : isTarget(uri);
        return good ? Optional.empty() : Optional.of("the request target is not a path");
    }

    private static Optional<String> nameProblem(HttpHeaders headers) {
        for (String name : Heads.nominated(headers)) {
            if (NEVER_OF_ONE_CONNECTION.contains(name)) {
                return Optional.of("Connection must not name Host, Content-Length or Transfer-Encoding");
            }
        }
        for (AsciiString lookalike : LOOKALIKES) {
            if (headers.contains(lookalike)) {
                return Optional.of("a header that some servers take for a length is refused");
            }
        }
        return Optional.empty();
    }

    /** One to eighteen digits, and nothing else. */
    static boolean isLength(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_DIGITS;
    }

    /** A name or an address, perhaps with a port: nothing that could be taken for a list, a user, a path or a blank. */
    static boolean isHost(String text) {
        return !text.isEmpty() && text.indexOf(',') < 0 && hostEnds(text, 0) == text.length();
    }

    /** A path, perhaps behind the scheme and the host of HTTP: visible ASCII without a fragment. */
    static boolean isTarget(String text) {
        int path = 0;
        for (String scheme : SCHEMES) {
            if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
                path = hostEnds(text, scheme.length());
                if (path == scheme.length()) {
                    return false;
                }
            }
        }
        if (path == text.length()) {
            return path > 0;
        }
        char first = text.charAt(path);
        return (first == '/' || (first == '?' && path > 0)) && isVisible(text, path);
    }

    private static boolean isVisible(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '#') {
                return false;
            }
        }
        return true;
    }

    /** The place of the first character that is no part of a host, or the end. */
    private static int hostEnds(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case ' ', '\t', '\n', '\u000b', '\f', '\r', '/', '?', '#', '@', '\\' -> {
                    return i;
                }
                default -> {
                    // a part of it
                }
            }
        }
        return text.length();
    }

    private static Refusal unreadable(Throwable cause) {
        if (cause instanceof ReadTimeoutException) {
            return new Refusal(
                    Refused.HEAD_TOO_SLOW, HttpResponseStatus.REQUEST_TIMEOUT, "the head of the request took too long");
        }
        if (cause instanceof OverloadException) {
            return overloaded();
        }
        if (cause instanceof TooLongHttpLineException) {
            return new Refusal(
                    Refused.HEAD_TOO_LARGE, HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Refusal(
                    Refused.HEAD_TOO_LARGE,
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the header fields are too large");
        }
        return new Refusal(
                Refused.MALFORMED, HttpResponseStatus.BAD_REQUEST, "the request cannot be read in one way only");
    }

    private static Optional<Refusal> refuse(Refused why, HttpResponseStatus status, String sentence) {
        return Optional.of(new Refusal(why, status, sentence));
    }
}
