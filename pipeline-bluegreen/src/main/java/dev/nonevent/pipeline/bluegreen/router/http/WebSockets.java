package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/**
 * How a connection becomes a WebSocket (RFC 6455, 4). Any other upgrade, h2c among them, is left out and the request
 * answered as if it had not been offered, as RFC 9110, 7.8 allows: the JDK's own client offers h2c with every first request.
 */
final class WebSockets {

    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xE9};

    /** A client's frames are masked; with zeros as the key, the payload is what it was. */
    private static final byte[] GOING_AWAY_MASKED = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE9};

    private WebSockets() {}

    /** Whether the client asks for one. */
    static boolean asked(HttpRequest request) {
        HttpHeaders headers = request.headers();
        return headers.contains(HttpHeaderNames.UPGRADE)
                && named(headers)
                && request.method().equals(HttpMethod.GET)
                && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && "0".equals(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
    }

    /** Whether the instance agrees. */
    static boolean agreed(HttpResponse response) {
        return response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS) && named(response.headers());
    }

    /** The words of the upgrade concern one connection each, so they are said anew on the next one. */
    static void say(HttpHeaders headers) {
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }

    /** Close 1001, as a server says it. */
    static ByteBuf goingAway() {
        return Unpooled.wrappedBuffer(GOING_AWAY);
    }

    /** Close 1001, as a client says it. */
    static ByteBuf goingAwayMasked() {
        return Unpooled.wrappedBuffer(GOING_AWAY_MASKED);
    }

    private static boolean named(HttpHeaders headers) {
        List<String> offered = headers.getAll(HttpHeaderNames.UPGRADE);
        return offered.size() == 1
                && HttpHeaderValues.WEBSOCKET.toString().equalsIgnoreCase(offered.get(0))
                && Heads.nominated(headers).contains("upgrade");
    }
}
