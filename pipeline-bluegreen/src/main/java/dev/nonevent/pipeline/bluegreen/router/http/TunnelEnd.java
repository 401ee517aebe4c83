package dev.nonevent.pipeline.bluegreen.router.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/** One of the two connections of a tunnel. */
final class TunnelEnd extends ChannelInboundHandlerAdapter {

    private final Tunnel tunnel;
    private final FrameFlow read;
    private final FrameFlow written;
    private final Runnable whenLeft;

    /**
     * @param read what comes from here
     * @param written what goes there
     */
    TunnelEnd(Tunnel tunnel, FrameFlow read, FrameFlow written, Runnable whenLeft) {
        this.tunnel = tunnel;
        this.read = read;
        this.written = written;
        this.whenLeft = whenLeft;
    }

    /**
     * Takes a connection over from those who read HTTP from it; what they had read too far comes here first.
     *
     * @param readers the one that holds bytes last: once the others are gone, it hands them to us
     */
    void takeOver(Channel channel, List<Class<? extends ChannelHandler>> readers) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(this);
        readers.forEach(pipeline::remove);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            tunnel.pass(read, bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        read.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            written.goOn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        whenLeft.run();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            tunnel.idle();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // a reset or the like; what is to be done is done when the channel becomes inactive
        new Line(context.channel()).close();
    }
}
