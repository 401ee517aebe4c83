package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/2 with its open streams; one without any is closed when nothing happens on it. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here closes the connection, and that is listened to
final class ClientStreams extends ChannelInboundHandlerAdapter implements Stayer {

    private static final long LAST_BYTES_MILLIS = 500;

    private final String scheme;
    private final Limits limits;
    private final Farewell farewell;
    private @Nullable ChannelHandlerContext line;

    // written on the event loop, read by all
    private volatile boolean takesMore = true;
    private final Set<ClientStream> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param scheme {@code http} or {@code https} */
    ClientStreams(String scheme, Limits limits, Farewell farewell) {
        this.farewell = farewell;
        this.scheme = scheme;
        this.limits = limits;
    }

    String scheme() {
        return scheme;
    }

    void add(ClientStream stream) {
        open.add(stream);
    }

    void remove(ClientStream stream) {
        open.remove(stream);
        closeIfDone(LAST_BYTES_MILLIS);
    }

    /** Clients are told that the connection ends, and that what they have sent until then is answered (RFC 9113, 6.8). */
    @Override
    public void announceTheEnd() {
        line().executor().execute(() -> {
            DefaultHttp2GoAwayFrame soon = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
            soon.setExtraStreamIds(Integer.MAX_VALUE);
            line().writeAndFlush(soon);
        });
    }

    @Override
    public void takeNoMore() {
        line().executor().execute(() -> {
            line().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            takesMore = false;
            closeIfDone(0);
        });
    }

    @Override
    public boolean takesMore() {
        return takesMore;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        takesMore = false;
        farewell.left(this);
    }

    private void closeIfDone(long millis) {
        if (!takesMore && open.isEmpty()) {
            line().executor().schedule(() -> line().close(), millis, TimeUnit.MILLISECONDS);
        }
    }

    private ChannelHandlerContext line() {
        return Objects.requireNonNull(line, "used before it was added");
    }

    /** More than the window of one stream: a few that nobody reads from must not hold up the rest. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        line = context;
        farewell.arrived(this);
        int more = limits.streams().connectionWindow() - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        context.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
    }

    /** Settings, pings and the like: the codec has answered them. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && open.isEmpty()) {
            context.close();
        }
    }

    /** A stream that nobody reads from does not hear by itself that its connection is gone. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        List.copyOf(open).forEach(ClientStream::leave);
    }

    /** What is against the rules of HTTP/2 ends with the codec's goodbye, which names it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
    }
}
