package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** Tells the client where an answer ends, and whether the connection goes on. One of each client connection. */
final class Framing extends HttpResponseEncoder {

    private boolean bodiless;

    /**
     * Chooses how the end of an answer is told.
     *
     * @param goesOn whether the connection can take another request
     * @return whether it still goes on
     */
    boolean choose(HttpRequest request, HttpResponse fromInstance, HttpResponse sent, boolean goesOn) {
        HttpHeaders headers = sent.headers();
        bodiless = Heads.bodiless(request.method(), sent.status());
        boolean stays = goesOn && HttpUtil.isKeepAlive(request);
        if (!bodiless && !HttpUtil.isContentLengthSet(fromInstance)) {
            if (request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            } else {
                stays = false;
            }
        }
        if (!stays) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return stays;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        return super.isContentAlwaysEmpty(response) || (bodiless && !interim(response.status()));
    }

    private static boolean interim(HttpResponseStatus status) {
        return status.code() >= 100 && status.code() < 200;
    }
}
