package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.AsciiString;

/** Which requests may be sent again, and after what. */
final class Again {

    /** The longest body that is kept to be sent again. */
    static final int LONGEST_BODY = 16 * 1024;

    private static final AsciiString KEY = AsciiString.cached("idempotency-key");

    private Again() {}

    /**
     * No WebSocket, and either without a body and by a method that changes nothing (RFC 9110, 9.2.1), or by the word of the
     * client that it is carried out once however often it comes (draft-ietf-httpapi-idempotency-key-header).
     */
    static boolean allowed(HttpRequest request, boolean hasBody) {
        return !WebSockets.asked(request) && (isDeclared(request) || (!hasBody && isSafe(request.method())));
    }

    /** Nobody knows how long a body in chunks will be. */
    private static boolean isDeclared(HttpRequest request) {
        return request.headers().contains(KEY)
                && !HttpUtil.isTransferEncodingChunked(request)
                && HttpUtil.getContentLength(request, 0L) <= LONGEST_BODY;
    }

    private static boolean isSafe(HttpMethod method) {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
    }

    /** Answers by which an instance says that the fault is not the client's. */
    static boolean isFailure(HttpResponseStatus status) {
        return switch (status.code()) {
            case 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /** The failure of an instance that answered so. */
    static String why(HttpResponseStatus status) {
        return "the instance answered " + status.code();
    }
}
