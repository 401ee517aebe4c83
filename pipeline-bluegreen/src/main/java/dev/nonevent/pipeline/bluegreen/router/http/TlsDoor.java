package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client in once the TLS handshake is done, to the protocol that was agreed on; not later than
 * {@link Limits.Tls#handshake}. Who speaks HTTP without TLS is told so.
 */
@SuppressWarnings("FutureReturnValueIgnored") // whatever fails here closes the connection
final class TlsDoor extends ApplicationProtocolNegotiationHandler {

    private static final String SENTENCE = "this port takes HTTP over TLS only: use https://\n";
    private static final ByteBuf REFUSAL =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(("HTTP/1.1 400 Bad Request\r\n"
                            + "Content-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Length: " + SENTENCE.length() + "\r\n"
                            + "Connection: close\r\n\r\n" + SENTENCE)
                    .getBytes(StandardCharsets.US_ASCII)));

    private final Reception reception;
    private final Limits limits;
    private @Nullable ScheduledFuture<?> deadline;

    private TlsDoor(Reception reception, Limits limits) {
        super(ApplicationProtocolNames.HTTP_1_1);
        this.reception = reception;
        this.limits = limits;
    }

    static void open(Channel channel, SslContext tls, Reception reception, Limits limits) {
        channel.pipeline().addLast(new FirstBytes(tls)).addLast(new TlsDoor(reception, limits));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        long patience = limits.tls().handshake().toMillis();
        deadline = context.executor().schedule(() -> context.close(), patience, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) throws Exception {
        ScheduledFuture<?> planned = deadline;
        if (planned != null) {
            planned.cancel(false);
        }
        super.handlerRemoved(context);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
        if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
            reception.http2(context.pipeline());
        } else {
            reception.http1(context.pipeline());
        }
    }

    /** Scanners and clients that do not trust the certificate: every day's business, and the client knows. */
    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** TLS, or not. */
    private static final class FirstBytes extends OptionalSslHandler {

        private FirstBytes(SslContext tls) {
            super(tls);
        }

        @Override
        protected SslHandler newSslHandler(ChannelHandlerContext context, SslContext tls) {
            SslHandler handler = super.newSslHandler(context, tls);
            handler.setHandshakeTimeoutMillis(0); // the door has its own, from the first moment on
            return handler;
        }

        @Override
        protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
            context.writeAndFlush(REFUSAL.duplicate()).addListener(ChannelFutureListener.CLOSE);
            return new Deaf();
        }
    }

    /** Takes what still comes, and does nothing about it. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
