package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A connection of HTTP/2 with its open streams; one without any is closed when nothing happens on it. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails here closes the connection, and that is listened to
final class ClientStreams extends ChannelInboundHandlerAdapter {

    private final String scheme;
    private final Limits limits;
    private final Set<ClientStream> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param scheme {@code http} or {@code https} */
    ClientStreams(String scheme, Limits limits) {
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
    }

    /** More than the window of one stream: a few that nobody reads from must not hold up the rest. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
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
