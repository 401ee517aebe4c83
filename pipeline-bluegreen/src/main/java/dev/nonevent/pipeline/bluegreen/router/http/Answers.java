package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/** What the router says itself, when no instance does: one sentence as plain text. */
public final class Answers {

    private Answers() {}

    static HttpResponse head(HttpResponseStatus status, String sentence) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes(sentence).length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        return head;
    }

    static LastHttpContent body(String sentence, HttpRequest request) {
        return request.method().equals(HttpMethod.HEAD)
                ? LastHttpContent.EMPTY_LAST_CONTENT
                : new DefaultLastHttpContent(Unpooled.wrappedBuffer(bytes(sentence)));
    }

    private static byte[] bytes(String sentence) {
        return (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
