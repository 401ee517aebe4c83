package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** A request's head that knows what it weighs, see {@link Load}. */
final class RequestHead extends DefaultHttpRequest {

    private int weight;

    RequestHead(HttpVersion version, HttpMethod method, String target, HttpHeadersFactory headers) {
        super(version, method, target, headers);
    }

    RequestHead(HttpVersion version, HttpMethod method, String target, HttpHeaders headers) {
        super(version, method, target, headers);
    }

    int weight() {
        return weight;
    }

    void weigh(int bytes) {
        weight = Load.weight(bytes, headers().size());
    }
}
