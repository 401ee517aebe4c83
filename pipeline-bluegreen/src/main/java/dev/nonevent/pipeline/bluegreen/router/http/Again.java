package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Which requests may be sent again, and after what. */
final class Again {

    private Again() {}

    /** Without a body, by a method that says that twice is as good as once (RFC 9110, 9.2.1), and no upgrade. */
    static boolean allowed(HttpRequest request) {
        HttpMethod method = request.method();
        boolean safe =
                method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS);
        return safe && !request.headers().contains(HttpHeaderNames.UPGRADE);
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
