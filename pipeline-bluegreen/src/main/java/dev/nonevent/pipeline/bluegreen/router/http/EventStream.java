package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.bluegreen.router.switchboard.Ended;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Side;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Stay;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * An answer of server-sent events (WHATWG HTML, 9.2): it passes like any other, and ends after a whole event when it is told
 * to go, with the clean end that makes an {@code EventSource} come back. One whose events cannot be seen, since it is
 * compressed or has a length, is not told: it is cut at the deadline.
 */
final class EventStream implements Stay {

    private static final String TYPE = "text/event-stream";

    private final Exchange exchange;
    private final Asker client;
    private final Side side;
    private final EventScanner scanner = new EventScanner();
    private final boolean visible;
    private boolean goodbye;

    EventStream(HttpResponse head, Exchange exchange, Asker client, Side side) {
        this.exchange = exchange;
        this.client = client;
        this.side = side;
        this.visible = !head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)
                && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
    }

    static boolean isOne(HttpResponse head) {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null
                && head.status().equals(HttpResponseStatus.OK)
                && type.regionMatches(true, 0, TYPE, 0, TYPE.length());
    }

    /** From here on it is no request in flight; the instance may be silent for long. */
    void begin(Ended answered, UpstreamConnection from) {
        side.outlast(exchange, this, answered, client.time());
        from.mayPause(client.pool().limits().stayIdle());
    }

    /** Follows what passes; after a goodbye, the part up to the end of the event that is under way. */
    HttpContent follow(HttpContent content) {
        if (!visible) {
            return content;
        }
        if (!goodbye) {
            scanner.follow(content.content());
            return content;
        }
        HttpContent part =
                content.replace(content.content().readRetainedSlice(scanner.followToBoundary(content.content())));
        content.release();
        return part;
    }

    /** Whether it is to end here. */
    boolean mayEnd() {
        return goodbye && visible && scanner.atBoundary();
    }

    void ended() {
        side.ended(this, mayEnd());
    }

    @Override
    public boolean webSocket() {
        return false;
    }

    @Override
    public void sayGoodbye() {
        client.execute(() -> {
            goodbye = true;
            if (!exchange.over() && mayEnd()) {
                exchange.endStream(true);
            }
        });
    }

    @Override
    public void cut(Runnable wasCut) {
        client.execute(() -> {
            if (!exchange.over()) {
                wasCut.run();
                exchange.endStream(false);
            }
        });
    }
}
