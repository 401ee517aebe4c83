package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Choice;
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
import java.time.Duration;
import java.util.Optional;

/** What the router says itself, when no instance does: a sentence as plain text, or the maintenance page. */
record OwnAnswer(HttpResponseStatus status, String type, String text, Optional<Duration> retryAfter) {

    private static final String PLAIN = "text/plain; charset=utf-8";

    static OwnAnswer sentence(HttpResponseStatus status, String sentence) {
        return new OwnAnswer(status, PLAIN, sentence + "\n", Optional.empty());
    }

    static OwnAnswer of(Scrutiny.Refusal refusal) {
        return sentence(refusal.status(), refusal.sentence());
    }

    /** Why a request goes nowhere. */
    static OwnAnswer turningAway(Choice choice, HttpRequest request) {
        if (choice instanceof Choice.Stopped stopped) {
            return MaintenancePage.wantedBy(request)
                    ? unavailable(MaintenancePage.TYPE, MaintenancePage.with(stopped.message()))
                            .retryIn(MaintenancePage.RETRY)
                    : unavailable(PLAIN, MaintenancePage.sentence(stopped.message()) + "\n")
                            .retryIn(MaintenancePage.RETRY);
        }
        if (choice instanceof Choice.Full full) {
            return unavailable(PLAIN, "too many requests wait for a change to be over: try again\n")
                    .retryIn(full.atMost());
        }
        return choice instanceof Choice.Nowhere nowhere
                ? unavailable(PLAIN, nowhere.sentence() + "\n")
                : unavailable(PLAIN, "no release takes this request\n");
    }

    static OwnAnswer waitedTooLong(Duration waited) {
        return unavailable(PLAIN, "a change takes longer than this request could wait: try again\n")
                .retryIn(waited);
    }

    HttpResponse head() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes().length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        retryAfter.ifPresent(after -> head.headers().set(HttpHeaderNames.RETRY_AFTER, Math.max(1, after.toSeconds())));
        return head;
    }

    LastHttpContent body(HttpRequest request) {
        return request.method().equals(HttpMethod.HEAD)
                ? LastHttpContent.EMPTY_LAST_CONTENT
                : new DefaultLastHttpContent(Unpooled.wrappedBuffer(bytes()));
    }

    private static OwnAnswer unavailable(String type, String text) {
        return new OwnAnswer(HttpResponseStatus.SERVICE_UNAVAILABLE, type, text, Optional.empty());
    }

    private OwnAnswer retryIn(Duration after) {
        return new OwnAnswer(status, type, text, Optional.of(after));
    }

    private byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
