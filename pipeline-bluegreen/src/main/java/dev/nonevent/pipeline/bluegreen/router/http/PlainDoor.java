package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by the first bytes whether a client without TLS speaks HTTP/2 from the start (RFC 9113, 3.3), and makes way.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves nothing to be done
final class PlainDoor extends ByteToMessageDecoder {

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    private final Reception reception;
    private final Limits limits;
    private @Nullable Future<?> clock;

    PlainDoor(Reception reception, Limits limits) {
        this.reception = reception;
        this.limits = limits;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int length = Math.min(in.readableBytes(), PREFACE.readableBytes());
        boolean soFar = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, PREFACE.readerIndex(), length);
        if (!soFar) {
            reception.http1(context.pipeline());
            context.pipeline().remove(this);
        } else if (length == PREFACE.readableBytes()) {
            reception.http2(context.pipeline());
            context.pipeline().remove(this);
        } else if (length > 0 && clock == null) {
            long patience = limits.clients().headWithin().toMillis();
            clock = context.executor().schedule(() -> context.close(), patience, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        Future<?> running = clock;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
